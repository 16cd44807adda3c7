/** The rows of a method: its best on each family, the others under them once they are asked for. */
import { type MouseEvent, type ReactNode, useState } from 'react'
import type { Estimate } from '../../../evaluation/metrics'
import type { Published } from '../../../evaluation/published'
import type { ModelInfo } from '../../../model/types'
import { encodeLink, withMethod } from '../../../settings'
import type { Settings } from '../../../settings/types'
import { fixed, megabytes, plain } from '../../../core/format'
import { acrossFamilies, type Entry, type Family, type MeasuredRow } from './entries'
import { type Axis, Mark } from './Mark'
import { differenceText } from './estimate'
import { VERDICTS } from './words'

/** What all rows share; `controls` and `references` in the order of `models`. */
export interface Frame {
  readonly several: boolean
  readonly models: readonly ModelInfo[]
  readonly axis: Axis
  /** Where on the axis the best control of each family lies. */
  readonly controls: readonly (number | null)[]
  /** On how many images each family's row without guidance was measured. */
  readonly references: readonly (number | null)[]
}

const CELL = 'py-1.5 pr-4 text-right whitespace-nowrap'

const linkOf = (settings: Settings, model: ModelInfo) => `#${encodeLink(settings, model)}`

const share = ({ value, margin }: Estimate) =>
  `${(100 * value).toFixed(1)}${margin === null ? '' : ` ± ${(100 * margin).toFixed(1)}`}`

function Cost({ times, bytes, row }: MeasuredRow) {
  return (
    <td className={CELL} title={`${plain(row.evaluations)} evaluations an image`}>
      {times === null ? (
        `${plain(row.evaluations)} evaluations`
      ) : (
        <span translate="no">{`${plain(Number(times.toFixed(1)))}×`}</span>
      )}
      {bytes >= 5e4 && <span className="block text-hint text-muted">+ {megabytes(bytes)} MB</span>}
    </td>
  )
}

/** Beyond the lowest or the highest scale that was tried, on the same side of 0, a better one may lie. */
export function edgeOf({ scales, settings: { scale } }: Pick<Published, 'scales' | 'settings'>): string | null {
  const side = scales.filter((one) => one.scale * scale > 0)
  if (side.length < 2) return side.length === 1 ? 'the one tried' : null
  if (side[0]?.scale === scale) return 'lowest tried'
  return side.at(-1)?.scale === scale ? 'highest tried' : null
}

function Scale({ row }: { readonly row: Published }) {
  const { scale } = row.settings
  if (scale === 0) return <td className={CELL}>–</td>
  return (
    <td className={CELL}>
      <span translate="no">
        {plain(scale)} <span className="text-muted">({plain(scale + 1)})</span>
      </span>
      <span className="block text-hint text-muted">{edgeOf(row)}</span>
    </td>
  )
}

/** All cells but the first: of one row that was measured. */
interface CellsProps {
  readonly measured: MeasuredRow
  readonly frame: Frame
  /** What stands in the family's cell, where there are several. */
  readonly family: ReactNode
}

function Cells({ measured, frame, family }: CellsProps) {
  const { model, row, share: gain, verdict, harms } = measured
  const at = frame.models.indexOf(model)
  const words = [
    verdict && VERDICTS[verdict],
    row.images !== frame.references[at] && `${row.images.toLocaleString('en')} images`,
  ]
  return (
    <>
      {frame.several && <td className="py-1.5 pr-4 whitespace-nowrap">{family}</td>}
      <td className="relative">
        <Mark axis={frame.axis} share={gain} verdict={verdict} control={frame.controls[at] ?? null} />
      </td>
      <td className={CELL}>
        <span translate="no">{row.against ? differenceText(row.against) : `FD ${fixed(row.frechet.value)}`}</span>
        <span className="block text-hint text-muted">{words.filter(Boolean).join(', ')}</span>
      </td>
      <Scale row={row} />
      <td className={CELL} translate="no">
        {share(row.precision)}
      </td>
      <td className={CELL} translate="no">
        {share(row.recall)}
      </td>
      <Cost {...measured} />
      <td className="min-w-44 py-2 pl-2 text-hint text-muted">{harms.join(' · ') || '–'}</td>
    </>
  )
}

/** A name as a click that takes what was measured; the whole row is its target. */
function Name({ measured, children }: { readonly measured: MeasuredRow; readonly children: ReactNode }) {
  return (
    <a
      href={linkOf(measured.wanted, measured.model)}
      aria-current={measured.inForce ? 'true' : undefined}
      title="Take these settings"
      data-take
      className="link rounded-sm aria-current:font-semibold aria-current:no-underline"
    >
      {children}
      {measured.inForce && <span className="text-hint font-normal text-muted"> · in use</span>}
    </a>
  )
}

const HEAD =
  'sticky left-0 z-10 bg-bg py-1.5 pr-3 text-left font-normal group-hover:bg-sunken max-sm:w-28 max-sm:min-w-28'
const ROW = 'group cursor-pointer align-top hover:bg-sunken'

/** For the pointer the whole row is the link that it holds; a selection of its numbers is none. */
function follow({ target, currentTarget }: MouseEvent<HTMLTableRowElement>): void {
  const held = target instanceof Element && target.closest('a, button') !== null
  if (held || window.getSelection()?.isCollapsed === false) return
  currentTarget.querySelector<HTMLAnchorElement>('a[data-take]')?.click()
}

/** The network, where it is not the family's default one. */
function networkWords({ model, row }: MeasuredRow): string | null {
  const network = model.networks.find(({ id }) => id === row.settings.network)
  return network === model.networks[0] ? null : `network: ${network?.name ?? row.settings.network}`
}

function Others({ entry, frame }: { readonly entry: Entry; readonly frame: Frame }) {
  return entry.others.map((measured) => (
    <tr key={`${measured.model.id} ${measured.row.name}`} className={ROW} onClick={follow}>
      <th scope="row" className={`${HEAD} pl-4`}>
        <Name measured={measured}>{measured.variant || measured.row.name}</Name>
        <span className="block text-hint text-muted">{networkWords(measured)}</span>
      </th>
      <Cells measured={measured} frame={frame} family={measured.model.name} />
    </tr>
  ))
}

/** A method that was never measured: its name takes it as it starts, on the family that the address names. */
function Unmeasured({ entry, frame, families }: MethodRowsProps) {
  const family = families.find(({ asked }) => asked) ?? families[0]
  if (!family) return null
  const { model, now } = family
  return (
    <tr className={`${ROW} border-t border-line`} onClick={follow}>
      <th scope="row" className={HEAD}>
        <a data-take className="link" href={linkOf(withMethod(now, entry.id, model), model)}>
          {entry.name}
        </a>
      </th>
      <td colSpan={frame.several ? 8 : 7} className="py-1.5 text-muted">
        {entry.brief}
      </td>
    </tr>
  )
}

interface FirstProps {
  readonly entry: Entry
  readonly best: MeasuredRow
  readonly frame: Frame
  readonly open: boolean
  readonly toggle: () => void
}

/** The cell that names the method, beside all of its best rows. */
function First({ entry, best, frame, open, toggle }: FirstProps) {
  const { name, brief, others, kind } = entry
  const across = frame.several ? acrossFamilies(entry) : null
  return (
    <th scope="row" rowSpan={entry.best.length} className={HEAD}>
      <span className={kind === 'method' ? 'font-medium' : ''}>
        {frame.several ? name : <Name measured={best}>{name}</Name>}
      </span>
      {!frame.several && best.variant && <span className="text-muted">, {lowered(best.variant)}</span>}
      <span className="block text-hint text-muted">
        {brief}
        {!frame.several && networkWords(best) !== null && ` · ${networkWords(best)}`}
        {others.length > 0 && (
          <>
            {' · '}
            <button type="button" aria-expanded={open} className="link rounded-sm" onClick={toggle}>
              {open ? 'only the best' : `${others.length} more`}
              <span className="sr-only"> of {name}</span>
            </button>
          </>
        )}
      </span>
      {across && <span className="block text-hint">{across}</span>}
    </th>
  )
}

/** Words in the middle of a sentence; names of methods stay as they are. */
const lowered = (text: string) => text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())

interface MethodRowsProps {
  readonly entry: Entry
  readonly frame: Frame
  readonly families: readonly Family[]
}

export function MethodRows({ entry, frame, families }: MethodRowsProps) {
  const [open, setOpen] = useState(false)
  const { best } = entry
  const [first] = best
  if (!first) return <Unmeasured entry={entry} frame={frame} families={families} />
  return (
    <>
      {best.map((measured, at) => (
        <tr
          key={measured.model.id}
          data-row={entry.id}
          data-kind={entry.kind}
          className={`${ROW} ${at === 0 ? 'border-t border-line' : ''}`}
          onClick={follow}
        >
          {at === 0 && <First entry={entry} best={first} frame={frame} open={open} toggle={() => setOpen(!open)} />}
          <Cells
            measured={measured}
            frame={frame}
            family={
              <>
                <Name measured={measured}>{measured.model.name}</Name>
                {measured.variant && <span className="block text-hint text-muted">{lowered(measured.variant)}</span>}
              </>
            }
          />
        </tr>
      ))}
      {open && <Others entry={entry} frame={frame} />}
    </>
  )
}
