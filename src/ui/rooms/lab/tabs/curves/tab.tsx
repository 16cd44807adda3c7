/** The tab of curves: what is asked for, the drawing that grows as images come, its numbers, and what was decided. */
import { useEffect, useMemo, useRef } from 'react'
import { useOwned } from '../../../../kit/use-owned'
import { useRoomSeen } from '../../../shown'
import type { Lab } from '../../lab'
import type { TabProps } from '../../tab'
import { useLab } from '../../use-lab'
import { firstWish, saidOf, wishOf, type Wish } from './curve'
import { Drawing } from './Drawing'
import { Form } from './Form'
import { createCurves, type Curves } from './make'
import { Search } from './Search'
import { Standing } from './Standing'
import { useDesk, useWork } from './use-curves'

const TAB = 'curves'

export default function CurvesTab({ lab }: TabProps) {
  const curves = useOwned(() => createCurves(lab))
  return curves && <Inside lab={lab} curves={curves} />
}

interface InsideProps {
  readonly lab: Lab
  readonly curves: Curves
}

/** The wish of the address, which is the tab's state; one that was being drawn goes on. */
function useWish({ lab, curves }: InsideProps) {
  const { model, settings } = useLab(lab, (state) => state.subject)
  const said = useLab(lab, (state) => state.said[TAB])
  const wish = useMemo(() => wishOf(said ?? {}) ?? firstWish(settings), [said, settings])
  const first = useRef(wishOf(said ?? {}))
  useEffect(() => {
    if (first.current) void curves.desk.resume(first.current, settings, model)
    first.current = null
  }, [curves, settings, model])
  return { model, settings, wish, change: (next: Wish) => lab.write(TAB, saidOf(next)) }
}

function Inside(props: InsideProps) {
  const { lab, curves } = props
  const { model, settings, wish, change } = useWish(props)
  const seen = useRoomSeen()
  useEffect(() => {
    curves.desk.show(seen)
    curves.search.show(seen)
  }, [curves, seen])
  const state = useDesk(curves)
  const work = useWork(curves)
  const none = lab.judge.bytes(model) === null
  return (
    <div className="max-w-[80rem]">
      <Form
        wish={wish}
        settings={settings}
        model={model}
        running={state.stage === 'running' || state.stage === 'opening'}
        refusal={none ? `${model.name} has no judge, so nothing can be measured of it.` : null}
        onChange={change}
        onDraw={() => {
          change(wish)
          curves.search.pause()
          curves.desk.start(wish, settings, model)
        }}
        onPause={() => curves.desk.pause()}
      />
      <Standing state={state} work={work} />
      <Drawing {...props} />
      <Search {...props} settings={settings} model={model} />
    </div>
  )
}
