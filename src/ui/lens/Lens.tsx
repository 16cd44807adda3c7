/** Beside the equation: one plot of the step, chosen among all that there are. */
import { useEffect } from 'react'
import { Hint } from '../kit/Hint'
import { usePage, useSession } from '../app/store'
import { Segments } from '../kit/Segments'
import type { Need, PlotProps } from './plot'
import { missingNeed, plotById, plots } from './registry'

const OPTIONS = plots.map(({ id, label }) => ({ value: id, label }))

const ABSENCE: Record<Need, string> = {
  negative: 'No negative was evaluated at this step, so there is no difference to measure.',
  x: 'This comes with the live model; the stored run does not hold it.',
}

export default function Lens({ record, sample, settings }: PlotProps) {
  const session = useSession()
  const plot = plotById(usePage((state) => state.equation.lens))
  const { about } = plot
  useEffect(() => session.set({ equation: { about } }), [session, about])
  const missing = missingNeed(plot, sample)
  return (
    <div className="flex flex-col gap-2" data-part="lens">
      <Segments
        small
        part="plots"
        label="Look at"
        value={plot.id}
        options={OPTIONS}
        onChange={(lens) => session.set({ equation: { lens } })}
      />
      <div className="sm:min-h-24" data-part={`plot-${plot.id}`}>
        {missing ? <Hint>{ABSENCE[missing]}</Hint> : <plot.View record={record} sample={sample} settings={settings} />}
      </div>
    </div>
  )
}
