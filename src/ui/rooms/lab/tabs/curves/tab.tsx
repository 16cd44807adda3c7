/** The tab of curves: what is asked for, the drawing that grows as images come, its numbers, and what was decided. */
import { useEffect, useMemo, useState } from 'react'
import { useOwned } from '../../../../kit/use-owned'
import { roomAddress } from '../../../rooms'
import { useRoomSeen } from '../../../shown'
import type { Lab } from '../../lab'
import type { TabProps } from '../../tab'
import { useLab } from '../../use-lab'
import { firstWish, saidOf, wishOf, type Wish } from './curve'
import { unfinished } from './desk'
import { Drawing } from './Drawing'
import { Form } from './Form'
import { createCurves, type Curves } from './make'
import { Search } from './Search'
import { Standing } from './Standing'
import { StoredCurve } from './StoredCurve'
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
  const asked = useMemo(() => wishOf(said ?? {}), [said])
  const wish = useMemo(() => asked ?? firstWish(settings), [asked, settings])
  useEffect(() => {
    if (asked) void curves.desk.resume(asked, settings, model)
  }, [curves, asked, settings, model])
  return { model, settings, wish, change: (next: Wish) => lab.write(TAB, saidOf(next)) }
}

/** The way back to a curve that was left in the middle, where the address says another one. */
function Unfinished({ lab }: { readonly lab: Lab }) {
  const [said, setSaid] = useState<string | null>(null)
  useEffect(() => {
    void unfinished(lab.storage).then(setSaid)
  }, [lab])
  if (said === null) return null
  return (
    <p className="mb-3 text-label" data-part="curve-unfinished">
      A curve was left in the middle.{' '}
      <a className="link" href={roomAddress('lab', `tab=${TAB}&${said}`)}>
        Go on with it
      </a>
    </p>
  )
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
      {state.stage === 'idle' && <Unfinished lab={lab} />}
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
      {state.curve ? (
        <Drawing {...props} />
      ) : (
        !none && <StoredCurve lab={lab} wish={wish} settings={settings} model={model} />
      )}
      <Search {...props} settings={settings} model={model} />
    </div>
  )
}
