/** The grid: one picture for every combination of values of up to three settings, drawn in the background. */
import { useEffect, useMemo, useState } from 'react'
import { axisLabel } from '../../../../../lab/axis'
import { axisKeys } from '../../../../../lab/axis-keys'
import { shownFamilies } from '../../../../../model/families'
import { useOwned } from '../../../../kit/use-owned'
import { Segments } from '../../../../kit/Segments'
import { useRoomSeen } from '../../../shown'
import type { TabProps } from '../../tab'
import { useKept, useLab, useTabSeen } from '../../use-lab'
import { valueName } from '../../values'
import { AxesForm } from './AxesForm'
import { createDrawing, type Drawing } from './drawing'
import { GridTable } from './GridTable'
import { type AxisTexts, planOf, type ReadyPlan, readAxes, suggested, writeAxes } from './plan'
import { Saving } from './Saving'
import { Steering } from './Steering'
import { Unfinished } from './Unfinished'

const TAB = 'grid'

export default function GridTab({ lab }: TabProps) {
  const drawing = useOwned(() => createDrawing(lab))
  return drawing && <Inside lab={lab} drawing={drawing} />
}

/** A few words for a grid. */
const titleOf = ({ grid: { axes } }: ReadyPlan) =>
  axes.map(({ key, values }) => `${axisLabel(key)} (${values.length})`).join(' × ')

/** The axes as the address says them, or as they are suggested, and what they make. */
function usePlan({ lab }: TabProps) {
  const { model, settings } = useLab(lab, (state) => state.subject)
  const said = useLab(lab, (state) => state.said[TAB])
  const { models } = lab.port
  const keys = useMemo(() => {
    const families = shownFamilies(models).map(({ id }) => id)
    return axisKeys(settings, model, families, (id) => models.find((one) => one.id === id) ?? null)
  }, [settings, model, models])
  const axes = useMemo(() => readAxes(said ?? {}) ?? suggested(keys), [said, keys])
  const plan = useMemo(
    () => planOf(axes, settings, (id) => models.find((one) => one.id === id) ?? null),
    [axes, settings, models],
  )
  return { model, models, keys, axes, plan }
}

/** Which page is seen, where there are pages. */
function Pages({
  plan,
  page,
  onChange,
  names,
}: {
  readonly plan: ReadyPlan
  readonly page: number
  readonly onChange: (page: number) => void
  readonly names: (key: string, text: string) => string
}) {
  const axis = plan.grid.axes[plan.slots.indexOf('z')]
  if (!axis) return null
  return (
    <div className="mb-2 flex flex-wrap items-center gap-2">
      <span className="text-label text-muted">{axisLabel(axis.key)}</span>
      <Segments
        part="grid-page"
        label={axisLabel(axis.key)}
        value={String(page)}
        options={axis.values.map((text, index) => ({ value: String(index), label: names(axis.key, text) }))}
        onChange={(next) => onChange(Number(next))}
      />
    </div>
  )
}

function Inside({ lab, drawing }: TabProps & { readonly drawing: Drawing }) {
  const { model, models, keys, axes, plan } = usePlan({ lab })
  const room = useRoomSeen()
  const seen = useTabSeen()
  const [page, setPage] = useState(0)
  useEffect(() => drawing.show(room), [drawing, room])
  useEffect(() => {
    if (plan.kind === 'ready') void drawing.mean(plan, lab.hash(TAB, writeAxes(axes)), titleOf(plan))
  }, [drawing, lab, plan, axes])
  const means = useKept(drawing.store, (state) => state.plan)
  const ready = plan.kind === 'ready' ? plan : null
  const pages = ready?.grid.axes[ready.slots.indexOf('z')]?.values.length ?? 1
  const at = Math.min(page, pages - 1)
  const change = (next: AxisTexts) => lab.write(TAB, writeAxes(next), 'new')
  const draw = () => {
    lab.write(TAB, writeAxes(axes))
    drawing.go()
  }
  return (
    <>
      <AxesForm axes={axes} keys={keys} plan={plan} onChange={change} />
      {ready && means?.id === ready.id && (
        <>
          <div className="mt-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3 border-t border-line pt-3">
            <Steering drawing={drawing} plan={ready} onDraw={draw} />
            <Saving lab={lab} drawing={drawing} plan={ready} axes={axes} />
          </div>
          <div className="mt-4">
            <Pages
              plan={ready}
              page={at}
              onChange={setPage}
              names={(key, text) => valueName(key, text, model, models)}
            />
            <GridTable plan={ready} drawing={drawing} page={at} model={model} models={models} />
          </div>
        </>
      )}
      <Unfinished storage={lab.storage} own={ready?.id ?? ''} seen={seen} />
    </>
  )
}
