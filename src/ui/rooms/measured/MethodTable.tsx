/** The table of all methods: sorted by gain or by cost, one row a method and family, other rows of a method on demand. */
import { useMemo, useState } from 'react'
import type { ModelInfo } from '../../../model/types'
import { Segments } from '../../kit/Segments'
import { fixed } from '../../../core/format'
import { type Entry, type Family, type Order, referenceOf, sorted, summaryOf } from './entries'
import { Dot } from './Glyph'
import { type Axis, axisOf, left } from './Mark'
import { MethodRows, type Frame } from './MethodRows'
import { VERDICTS } from './words'

const tickText = (value: number, unit: boolean) => `${fixed(100 * value, 0)}${unit ? '\u00a0%' : ''}`

/** The ticks of the axis, and the best control's name over its line. */
function AxisHead({
  axis,
  control,
  name,
}: {
  readonly axis: Axis
  readonly control: number | null
  readonly name: string
}) {
  return (
    <div className="relative h-13" aria-hidden>
      <span className="absolute top-0 -translate-x-full pr-1.5 whitespace-nowrap" style={left(0, axis)}>
        ← better
      </span>
      <span className="absolute top-0 pl-1.5 whitespace-nowrap" style={left(0, axis)}>
        worse →
      </span>
      {control !== null && (
        <span className="absolute top-4.5 -translate-x-1/2 whitespace-nowrap" style={left(control, axis)}>
          {name}
        </span>
      )}
      {axis.ticks.map((tick, at) => (
        <span
          key={tick}
          className="absolute bottom-0 -translate-x-1/2 whitespace-nowrap"
          style={left(tick, axis)}
          translate="no"
        >
          {tickText(tick, at === axis.ticks.length - 1)}
        </span>
      ))}
    </div>
  )
}

function Head({ frame, control, order }: { readonly frame: Frame; readonly control: string; readonly order: Order }) {
  const cell = 'py-1.5 pr-4 text-right font-normal whitespace-nowrap last:pr-0'
  return (
    <thead className="text-hint text-muted">
      <tr className="align-bottom">
        <th scope="col" className="sticky left-0 z-10 bg-bg py-1.5 pr-3 text-left font-normal lg:min-w-72">
          Method, and what it is made worse by
        </th>
        {frame.several && (
          <th scope="col" className="py-1.5 pr-4 text-left font-normal">
            Family
          </th>
        )}
        <th scope="col" className="w-80 min-w-36 py-1.5 pr-4 text-left font-normal">
          <span className="sr-only">Difference from no guidance, drawn</span>
          <AxisHead axis={frame.axis} control={frame.controls[0] ?? null} name={control} />
        </th>
        <th scope="col" aria-sort={order.by === 'gain' ? 'ascending' : 'none'} className={cell}>
          Difference from
          <br />
          no guidance
        </th>
        <th scope="col" className={cell}>
          Best scale s (w)
        </th>
        <th scope="col" className={cell}>
          Precision, %
        </th>
        <th scope="col" className={cell}>
          Recall, %
        </th>
        <th scope="col" aria-sort={order.by === 'cost' ? 'ascending' : 'none'} className={cell}>
          Evaluations,
          <br />
          download
        </th>
        <th scope="col" className="py-1.5 pl-2 text-left font-normal">
          Where it harms
        </th>
      </tr>
    </thead>
  )
}

/** What the dots and lines mean. */
function Legend() {
  return (
    <p className="num flex flex-wrap items-center gap-x-4 gap-y-1 text-hint text-muted">
      {(['helps', 'same', 'harms'] as const).map((verdict) => (
        <span key={verdict} className="inline-flex items-center gap-1.5">
          <Dot verdict={verdict} />
          {VERDICTS[verdict]}
        </span>
      ))}
      <span>Lines: 95 % intervals, as a share of the distance without guidance.</span>
      <span>A click on a row takes the settings that were measured.</span>
    </p>
  )
}

const ORDERS = ['gain', 'cost'] as const

interface MethodTableProps {
  readonly families: readonly Family[]
  readonly entries: readonly Entry[]
}

const rowsOf = (entries: readonly Entry[]) => entries.flatMap(({ best, others }) => [...best, ...others])

function frameOf(families: readonly Family[], entries: readonly Entry[]): Frame & { readonly control: string } {
  const controls = families.map(({ model }) => summaryOf(entries, model).control)
  const names = [...new Set(controls.flatMap((row) => row?.row.name ?? []))]
  return {
    several: families.length > 1,
    models: families.map(({ model }) => model),
    axis: axisOf(rowsOf(entries).flatMap((row) => row.share ?? [])),
    controls: controls.map((row) => row?.share?.value ?? null),
    references: families.map((family) => referenceOf(family)?.images ?? null),
    control: names.length === 1 ? names.join('').replace('No guidance, ', '') : 'longer',
  }
}

/** What the choice of an order is called: with several families, on which of them. */
function orderChoices(models: readonly ModelInfo[]) {
  return models.flatMap(({ id, name }) =>
    ORDERS.map((by) => ({
      value: `${by} ${id}`,
      label: `${by === 'gain' ? 'Gain' : 'Cost'}${models.length > 1 ? ` on ${name}` : ''}`,
      order: { by, family: id },
    })),
  )
}

interface TablePart {
  readonly title: string | null
  readonly entries: readonly Entry[]
}

/** By gain, rows that can't be compared stand apart; what was never measured stands at the end. */
function partsOf(list: readonly Entry[], { by, family }: Order, models: readonly ModelInfo[]): readonly TablePart[] {
  const name = models.find(({ id }) => id === family)?.name ?? family
  const measured = list.filter(({ kind }) => kind !== 'unmeasured')
  const of = ({ best }: Entry) => best.find(({ model }) => model.id === family)
  const never = { title: 'Never measured', entries: list.filter(({ kind }) => kind === 'unmeasured') }
  const parts =
    by === 'cost'
      ? [{ title: null, entries: measured }, never]
      : [
          { title: null, entries: measured.filter((entry) => of(entry)?.comparable === true) },
          {
            title: 'On another number of images: not to be compared with the rows above',
            entries: measured.filter((entry) => of(entry)?.comparable === false),
          },
          { title: `Not measured on ${name}`, entries: measured.filter((entry) => of(entry) === undefined) },
          never,
        ]
  return parts.filter((part) => part.entries.length > 0)
}

type PartProps = TablePart & { readonly frame: Frame; readonly families: readonly Family[] }

function Part({ title, entries, frame, families }: PartProps) {
  return (
    <tbody>
      {title !== null && (
        <tr className="border-t border-line">
          <th
            scope="rowgroup"
            colSpan={frame.several ? 9 : 8}
            className="pt-5 pb-1 text-left text-hint font-normal text-muted"
          >
            <span className="sticky left-0 font-medium">{title}</span>
          </th>
        </tr>
      )}
      {entries.map((entry) => (
        <MethodRows key={entry.id} entry={entry} frame={frame} families={families} />
      ))}
    </tbody>
  )
}

export function MethodTable({ families, entries }: MethodTableProps) {
  const [order, setOrder] = useState<Order>({ by: 'gain', family: families[0]?.model.id ?? '' })
  const frame = useMemo(() => frameOf(families, entries), [families, entries])
  const list = useMemo(() => sorted(entries, order), [entries, order])
  const choices = orderChoices(frame.models)
  const parts = partsOf(list, order, frame.models)
  return (
    <section aria-label="All methods" className="mt-5">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="flex items-center gap-2 text-hint text-muted">
          Sort by
          <Segments
            part="sort"
            label="Sort by"
            small
            value={`${order.by} ${order.family}`}
            options={choices}
            onChange={(value) => setOrder(choices.find((choice) => choice.value === value)?.order ?? order)}
          />
        </div>
        <Legend />
      </div>
      {/* Wider than a phone: it scrolls sideways, and the names stay. */}
      <div role="region" aria-label="The table of all methods" tabIndex={0} className="relative overflow-x-auto">
        <table data-part="all-methods" className="num w-full border-b border-line text-label">
          <caption className="sr-only">
            What guidance methods gained or lost, by the judge’s distance of many images, against no guidance
          </caption>
          <Head frame={frame} control={frame.control} order={order} />
          {parts.map((part) => (
            <Part key={part.title} {...part} frame={frame} families={families} />
          ))}
        </table>
      </div>
    </section>
  )
}
