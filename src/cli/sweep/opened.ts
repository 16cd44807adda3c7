/** A sweep with its models: every cell, and the points that are to be drawn, each once however many cells have it. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { NEIGHBOURS } from '../../evaluation/metrics'
import { LabError } from '../../lab/error'
import { cellsOf, type Cell, type Raw } from '../../lab/grid'
import { sourceOf } from '../../lab/identity'
import { drawnOf, pointId } from '../../lab/point'
import { parseSweep, type Sweep } from '../../lab/sweep'
import type { ModelInfo } from '../../model/types'
import { OWN, presetModel, toPreset, withFlags } from '../../settings'
import type { Settings } from '../../settings/types'
import { judgesFamily } from '../evaluate/arguments'
import { observerOf, type Observer } from '../evaluate/observer'
import { defaultModel, families, isBroughtFolder, readModel } from '../models'
import { loadNamedModel, type NodeModel } from '../node-model'
import { openPreset } from '../preset'
import { UsageError } from '../usage'
import type { SweepArguments } from './arguments'

/** One setting that is judged over many images: image i has the seed plus i, and with `each` its class is the i-th in turn. */
export interface Point {
  readonly id: string
  readonly settings: Settings
  readonly each: boolean
  readonly model: ModelInfo
  /** Who sees its images. */
  readonly observer: Observer
}

/** A cell, and the point that it shows; null where it can't be drawn. */
export interface Entry {
  readonly cell: Cell
  readonly point: Point | null
}

export interface OpenedSweep {
  readonly sweep: Sweep
  /** In the order of work. */
  readonly entries: readonly Entry[]
  /** In the order of work. */
  readonly points: readonly Point[]
  /** Reads the networks of a point's model; the caller disposes of it. */
  load(model: ModelInfo, threads: number): Promise<NodeModel>
}

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A sweep of a million cells in its file is refused before it is parsed. */
const MOST_BYTES = 4 * 2 ** 20

function jsonOf(file: string): unknown {
  if (!existsSync(file)) throw new UsageError(`there is no sweep file ${file}`)
  const { size } = statSync(file)
  if (size > MOST_BYTES)
    throw new UsageError(`${file} is no sweep file: it has ${size} bytes, and ${MOST_BYTES} are the most`)
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Runs a reader of the lab, whose faults are faults of the person's input here. */
function read<T>(what: string, reader: () => T): T {
  try {
    return reader()
  } catch (error) {
    if (error instanceof LabError) throw new UsageError(`${what}: ${error.message}`)
    throw error
  }
}

/** The name of the model that the preset means, and its folder where it is somebody's own. */
async function broughtOf(name: string): Promise<{ readonly name: string; readonly model: ModelInfo } | null> {
  if (!isBroughtFolder(name)) return null
  const loaded = await loadNamedModel(name, { threads: 1 })
  await loaded.dispose()
  return { name, model: loaded.model }
}

const IMAGES = 500

async function sweepOf(args: SweepArguments) {
  const { given, flags, images, judge } = args
  const whole = (preset: Raw, name: string, model: ModelInfo | null): Raw => {
    const { samples: _samples, ...rest } = preset
    return { ...rest, model: model?.id ?? name }
  }
  switch (given.kind) {
    case 'file': {
      const sweep = read(given.file, () => parseSweep(jsonOf(given.file)))
      const said = withFlags(sweep.preset, flags)
      const name = presetModel(said) ?? defaultModel()
      const brought = await broughtOf(name)
      const preset = whole(said, name, brought?.model ?? null)
      const asked = { ...sweep, preset, images: images ?? sweep.images, judge: judge ?? sweep.judge }
      const taken = sweep.axes.find(({ key }) => key in flags)
      if (taken) throw new UsageError(`--${taken.key} is an axis of ${given.file}: change it there`)
      return { sweep: asked, brought }
    }
    case 'axes': {
      const source = openPreset(given.preset, flags)
      const brought = await broughtOf(source.model)
      const said = source.preset(brought?.model ?? readModel(source.model))
      if (!isRecord(said))
        throw new UsageError('a preset must be a JSON object such as {"method": "pag", "scale": 1.5}')
      const { class: label, ...rest } = whole(said, source.model, brought?.model ?? null)
      const preset = source.fixesClass ? { ...rest, class: label } : rest
      const title = `By ${given.axes.map(({ key }) => key).join(' and ')}`
      const sweep = read('--of', () =>
        parseSweep({ title, preset, axes: given.axes, images: images ?? IMAGES, ...(judge !== null && { judge }) }),
      )
      return { sweep, brought }
    }
    default:
      return given satisfies never
  }
}

/** The preset of a result: complete, without seed and samples; `class` is `each` where classes take turns. */
export function presetOf({ settings, each }: Pick<Point, 'settings' | 'each'>): Raw {
  const { seed: _seed, samples: _samples, ...complete } = toPreset(settings)
  return { ...complete, ...(each && { class: 'each' }) }
}

/** What a point's images and their records have in common. */
export const subjectOf = (point: Point, batch: number) => ({
  format: 1 as const,
  preset: presetOf(point),
  seed: point.settings.seed,
  batch,
  source: sourceOf(point.settings, point.model),
  judge: point.observer.digest,
})

/** Rejects with UsageError for a sweep that can't be read, and for one of which no cell can be drawn. */
export async function openSweep(args: SweepArguments): Promise<OpenedSweep> {
  const { sweep, brought } = await sweepOf(args)
  if (sweep.images <= NEIGHBOURS)
    throw new UsageError(`numbers of a point need at least ${NEIGHBOURS + 1} images: give --images`)
  const ids = new Set(families().map(({ id }) => id))
  const known = new Map<string, ModelInfo>(brought ? [[brought.model.id, brought.model]] : [])
  const models = (id: string): ModelInfo | null => {
    const model = known.get(id) ?? (ids.has(id) ? readModel(id) : null)
    if (model) known.set(id, model)
    return model
  }
  const fixed = 'class' in sweep.preset || sweep.axes.some(({ key }) => key === 'class')
  const observers = new Map<string, Observer>()
  const points = new Map<string, Point>()
  const pointOf = (asked: Settings): Point => {
    const model = models(asked.model)!
    const settings = drawnOf({ ...asked, samples: 1 }, model)
    if (settings.seed + sweep.images - 1 > OWN.seed.max)
      throw new UsageError(`seed ${settings.seed} leaves no room for ${sweep.images} seeds: lower it`)
    const each = !fixed && settings.class !== null
    const id = pointId(settings, model, each)
    const known = points.get(id)
    if (known) return known
    const own = brought?.model.id === model.id ? brought.name : model.id
    const family = judgesFamily(own, sweep.judge ?? undefined, args.features === null)
    const observer = observers.get(family) ?? observerOf(args.features, family)
    observers.set(family, observer)
    const point = { id, settings, each, model, observer }
    points.set(id, point)
    return point
  }
  const entries = read('the sweep', () => cellsOf(sweep, models)).map((cell): Entry => ({
    cell,
    point: cell.kind === 'ready' ? pointOf(cell.settings) : null,
  }))
  if (points.size === 0) {
    const [first] = entries
    throw new UsageError(
      `no cell of the sweep can be drawn: ${first?.cell.kind === 'refused' ? first.cell.why : 'there is none'}`,
    )
  }
  return {
    sweep,
    entries,
    points: [...points.values()],
    load: (model, threads) => loadNamedModel(brought?.model.id === model.id ? brought.name : model.id, { threads }),
  }
}
