/** What a sweep would take, from seconds an evaluation that were measured: here and now, and on other machines before. */
import { cpus } from 'node:os'
import { judgedLine } from '../../evaluation/record'
import { HARDWARE } from './hardware'
import { measuredNow, type Measures } from './measure'
import type { OpenedSweep, Point } from './opened'
import { rowsOf, type Rows } from './rows'
import { aligned } from './table'

/** Rows are counted for so many points; the others take as many on average. */
const COUNTED = 400
const WORKERS = [1, 100, 1000] as const

const grouped = (value: number) => Math.round(value).toLocaleString('en')

/** A time as a person says it, two digits. */
export function timeText(seconds: number): string {
  const units = [
    ['year', 365.25 * 86_400],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const
  const [name, length] = units.find(([, size]) => seconds >= 2 * size) ?? ['second', 1]
  const value = seconds / length
  const text = value >= 100 ? grouped(Number(value.toPrecision(3))) : String(Number(value.toPrecision(2)))
  return `${text} ${name}${text === '1' ? '' : 's'}`
}

const bytesText = (bytes: number) => `${Number((bytes / 1e9).toPrecision(2)).toLocaleString('en')} GB`

interface Work {
  readonly model: Point['model']
  /** Rows of each network for all images. */
  readonly rows: Rows
}

/** What each model's networks are asked for in all. */
async function workOf({ points, sweep }: OpenedSweep): Promise<readonly Work[]> {
  // By the golden ratio: steps of one length would meet the same values of an axis again and again.
  const chosen =
    points.length <= COUNTED
      ? points
      : Array.from({ length: COUNTED }, (_, i) => points[Math.floor(((i * 0.6180339887) % 1) * points.length)]!)
  const work = new Map<string, { readonly model: Point['model']; readonly rows: Record<string, number> }>()
  for (const { settings, model } of chosen) {
    const rows: Record<string, number> = work.get(model.id)?.rows ?? {}
    work.set(model.id, { model, rows })
    for (const [id, count] of Object.entries(await rowsOf(settings, model)))
      rows[id] = (rows[id] ?? 0) + (count * sweep.images * points.length) / chosen.length
  }
  return [...work.values()]
}

interface Here {
  /** Of all evaluations of one worker on this machine. */
  readonly seconds: number
  /** As many evaluations of its model's main network take as long; of a sweep over one model. */
  readonly equivalent: number | null
  /** Of one evaluation of that. */
  readonly each: number
}

async function measuredHere(opened: OpenedSweep, work: readonly Work[], measures: Measures): Promise<Here> {
  let [seconds, each, equivalent] = [0, 0, 0]
  for (const { model, rows } of work) {
    const main = model.networks[0]!.id
    const of = await measures.evaluation(opened, model, [...new Set([main, ...Object.keys(rows)])])
    const own = Object.entries(rows).reduce((sum, [id, count]) => sum + count * of[id]!, 0)
    seconds += own
    each = of[main]!
    equivalent = own / each
  }
  return { seconds, each, equivalent: work.length === 1 ? equivalent : null }
}

const networksText = ({ model, rows }: Work) =>
  `${model.id}: ${Object.entries(rows)
    .map(([id, count]) => `${id} ${grouped(count)}`)
    .join(', ')}`

/** What an image takes in a record. */
const lineLength = ({ points, sweep }: OpenedSweep) =>
  judgedLine({ ...points[0]!.observer.standIns(1)[0]!, index: sweep.images - 1, asked: 0 }).length

function hardwareTable(here: Here, work: readonly Work[], given: number | null): string {
  const { equivalent } = here
  const others = equivalent === null ? [] : HARDWARE.filter(({ model }) => work[0]!.model.id === model)
  const workers = WORKERS.map((count) => `${count.toLocaleString('en')} of them`)
  return aligned([
    ['', 's an evaluation', 'one', ...workers.slice(1), 'source'],
    row(`one core of ${cpus()[0]?.model.trim()}`, here.each, here.seconds, 'measured now, eight rows at a time'),
    ...others.map(({ name, seconds, source }) => row(name, seconds, seconds * equivalent!, source)),
    ...(equivalent === null || given === null ? [] : [row('yours', given, given * equivalent, '--evaluation')]),
  ])
}

const row = (name: string, each: number, seconds: number, source: string): readonly string[] => [
  name,
  Number(each.toPrecision(3)).toString(),
  ...WORKERS.map((workers) => timeText(seconds / workers)),
  source,
]

export async function costReport(opened: OpenedSweep, given: number | null, measures = measuredNow): Promise<string> {
  const { points, sweep, entries } = opened
  const work = await workOf(opened)
  const here = await measuredHere(opened, work, measures)
  const evaluations = work.reduce((sum, { rows }) => sum + Object.values(rows).reduce((a, b) => a + b, 0), 0)
  const images = points.length * sweep.images
  const judging = await measures.judging(points[0]!.observer)
  const numbers = (await measures.numbers(points[0]!.observer))(sweep.images)
  const cells = points.length < entries.length ? ` (${grouped(entries.length)} cells)` : ''
  return [
    sweep.title,
    `${grouped(points.length)} settings${cells} × ${grouped(sweep.images)} images: ${grouped(images)} images`,
    `${grouped(evaluations)} evaluations, ${Number((evaluations / images).toPrecision(3))} an image; of ${work.map(networksText).join('; ')}`,
    '',
    hardwareTable(here, work, given),
    '',
    `Beside that, of the same core: the ${points[0]!.observer.family === null ? 'feature network' : 'judge'}, ${timeText(judging * images)} (${Number((1000 * judging).toPrecision(2))} ms an image); the numbers, ` +
      `${timeText(numbers * points.length)} (${timeText(numbers)} a point, by what 500 and 1,000 images take). Both are shared out, too.`,
    `Kept on disk: ${bytesText(lineLength(opened) * images)} (${lineLength(opened)} bytes an image).`,
  ].join('\n')
}
