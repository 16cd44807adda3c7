/** The pictures of one page of a grid as a table: a setting's values along the top, another's along the side. Each picture leads to itself, live. */
import { type KeyboardEvent, useMemo } from 'react'
import { axisLabel } from '../../../../../lab/axis'
import type { Cell } from '../../../../../lab/grid'
import type { ModelInfo } from '../../../../../model/types'
import { encodeLink } from '../../../../../settings'
import { Raster } from '../../../../stage/Raster'
import type { LabPicture } from '../../pictures'
import { useKept } from '../../use-lab'
import { valueName, valueWords } from '../../values'
import type { Drawing } from './drawing'
import { type ReadyPlan, type Slot, unusedWords } from './plan'

interface Named {
  readonly model: ModelInfo
  readonly models: readonly ModelInfo[]
}

/** What a cell is of, in words. */
const cellWords = ({ values }: Cell, { model, models }: Named) =>
  Object.entries(values)
    .map(([key, text]) => valueWords(key, text, model, models))
    .join(', ')

interface CellViewProps extends Named {
  readonly cell: Cell
  readonly picture: LabPicture | undefined
  readonly failure: string | undefined
  readonly under: boolean
}

function Words({ tone, children }: { readonly tone: string; readonly children: string }) {
  return (
    <p
      tabIndex={0}
      className={`grid aspect-square place-items-center overflow-auto rounded-[3px] border border-dashed p-1.5 text-center text-tiny leading-tight break-words ${tone}`}
    >
      {children}
    </p>
  )
}

function Content(props: CellViewProps) {
  const { cell, picture, failure, under, models } = props
  if (cell.kind === 'refused') return <Words tone="border-line text-muted">{cell.why}</Words>
  if (failure !== undefined) return <Words tone="border-alert text-alert">{failure}</Words>
  const model = models.find(({ id }) => id === cell.settings.model) ?? props.model
  if (!picture) {
    return (
      <div
        className={`rounded-[3px] bg-sunken ${under ? 'outline-1 outline-edge' : ''}`}
        style={{ aspectRatio: `${model.image.width} / ${model.image.height}` }}
      >
        <span className="sr-only">{under ? 'being drawn' : 'not drawn yet'}</span>
      </div>
    )
  }
  return (
    <a
      href={`#${encodeLink(cell.settings, model)}`}
      aria-label={`${cellWords(cell, props)}: open with the pictures`}
      className="block overflow-hidden rounded-[3px] hover:outline-2 hover:outline-edge"
    >
      <Raster image={picture.image} size={picture} />
    </a>
  )
}

/** Arrow keys go among the pictures. */
function goAmong(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key]
  const cell = event.target instanceof Element ? event.target.closest('td') : null
  const row = cell?.closest('tr')
  if (!step || !cell || !row) return
  const rows = [...event.currentTarget.querySelectorAll('tbody tr')]
  const next =
    rows[rows.indexOf(row) + step[0]!]?.querySelectorAll('td')[[...row.querySelectorAll('td')].indexOf(cell) + step[1]!]
  const target = next?.querySelector('a, [tabindex]')
  if (!(target instanceof HTMLElement)) return
  event.preventDefault()
  target.focus()
}

interface GridTableProps extends Named {
  readonly plan: ReadyPlan
  readonly drawing: Drawing
  /** Index on the axis of the pages. */
  readonly page: number
}

/** One cell with what is there of it. */
function Place({ cell, drawing, ...named }: Named & { readonly cell: Cell; readonly drawing: Drawing }) {
  const id = cell.kind === 'ready' ? cell.id : ''
  const picture = useKept(drawing.store, (state) => state.pictures.get(id))
  const failure = useKept(drawing.store, (state) => state.failures.get(id))
  const under = useKept(drawing.store, (state) => state.under.has(id))
  return (
    <div className="w-(--cell)">
      <Content {...named} cell={cell} picture={picture} failure={failure} under={under} />
      {cell.unused.length > 0 && (
        <p className="mt-0.5 text-center text-tiny leading-tight text-muted">{unusedWords(cell)}</p>
      )}
    </div>
  )
}

const ALONE = ['']

export function GridTable({ plan, drawing, page, ...named }: GridTableProps) {
  const { axes } = plan.grid
  const axisOf = (slot: Slot) => plan.slots.indexOf(slot)
  const [x, y, z] = [axisOf('x'), axisOf('y'), axisOf('z')]
  const [columns, rows] = [axes[x], axes[y]]
  const places = useMemo(
    () => new Map(plan.cells.map((cell) => [[x, y, z].map((axis) => cell.at[axis] ?? 0).join(), cell])),
    [plan, x, y, z],
  )
  const name = (key: string, text: string) => valueName(key, text, named.model, named.models)
  const texts = columns?.values ?? ALONE
  return (
    <div className="relative -mx-3 overflow-x-auto px-3 sm:-mx-6 sm:px-6" role="group" aria-label="Grid" tabIndex={0}>
      <table
        data-part="grid"
        className="-ml-1.5 border-separate border-spacing-1.5 text-label"
        style={{ ['--cell' as string]: `clamp(4.5rem, calc((100vw - 13rem) / ${texts.length}), 9rem)` }}
        onKeyDown={goAmong}
      >
        <caption className="sr-only">
          {axes.map(({ key }) => axisLabel(key)).join(' by ')}; each picture opens with its settings.
        </caption>
        <thead>
          <tr>
            <td className="sticky left-0 z-10 bg-bg pr-2 align-bottom text-hint text-muted">
              {rows && <span className="block">{axisLabel(rows.key)} ↓</span>}
              {columns && <span className="block">{axisLabel(columns.key)} →</span>}
            </td>
            {texts.map((text) => (
              <th key={text} scope="col" className="num max-w-(--cell) font-medium" translate="no">
                {columns && name(columns.key, text)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(rows?.values ?? ALONE).map((text, row) => (
            <tr key={text}>
              <th
                scope="row"
                translate="no"
                className="num sticky left-0 z-10 max-w-36 bg-bg pr-2 text-left align-middle font-medium max-sm:max-w-20 max-sm:text-hint"
              >
                {rows && name(rows.key, text)}
              </th>
              {texts.map((own, column) => {
                const cell = places.get([x < 0 ? 0 : column, y < 0 ? 0 : row, z < 0 ? 0 : page].join())
                return (
                  <td key={own} className="align-top">
                    {cell && <Place {...named} cell={cell} drawing={drawing} />}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
