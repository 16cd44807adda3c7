/** What was measured of a point before, by the twin in PyTorch: numbers of its family's `train/points.json`, found by their name there. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toPreset } from '../../settings'
import { modelFolder } from '../models'
import type { Point } from './opened'

/** As Python's json.dumps with sort_keys writes what JSON can hold. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (typeof value === 'string')
    return JSON.stringify(value).replace(
      /[\u0080-\uffff]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}: ${pythonJson(held)}`).join(', ')}}`
}

const NETWORK_KEYS = ['network', 'weak', 'budget']

/** The name of the point's record, as models/train/table.py makes it. */
export function recordName({ settings, each, model }: Point): string {
  const preset: Readonly<Record<string, unknown>> = { ...toPreset(settings), ...(each && { class: 'each' }) }
  const terms = [preset, ...(Array.isArray(preset.stack) ? preset.stack : [])]
  const ids = new Set(terms.flatMap((term) => NETWORK_KEYS.flatMap((key) => (key in term ? [term[key]] : []))))
  const weights = Object.fromEntries(
    model.networks.filter(({ id }) => ids.has(id)).map(({ id, weights: { sha256 } }) => [id, sha256]),
  )
  const digest = createHash('sha256')
    .update(pythonJson([preset, weights]))
    .digest('hex')
  return `${settings.method}-${digest.slice(0, 16)}`
}

const read = new Map<string, ReadonlyMap<string, readonly number[]>>()

/** Of each record the numbers of images that there are numbers of. */
function recordsOf(family: string, judge: string): ReadonlyMap<string, readonly number[]> {
  const known = read.get(family)
  if (known) return known
  const file = join(modelFolder(family), 'train/points.json')
  const records = new Map<string, readonly number[]>()
  read.set(family, records)
  if (!existsSync(file)) return records
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof json !== 'object' || json === null || !('points' in json && 'judge' in json) || json.judge !== judge)
    return records
  for (const [name, numbers] of Object.entries(json.points ?? {}))
    records.set(
      name,
      Object.keys(numbers)
        .filter((key) => /^\d+$/.test(key))
        .map(Number)
        .sort((a, b) => a - b),
    )
  return records
}

/** The numbers of images of which the point was measured; empty where it was not. */
export function storedOf(point: Point): readonly number[] {
  const { observer, model } = point
  if (observer.family !== model.id) return []
  return recordsOf(model.id, observer.digest).get(recordName(point)) ?? []
}
