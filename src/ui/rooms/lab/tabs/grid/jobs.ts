/** Grids that are under way, as they are kept: where they are found again, and how far they are. */
import * as v from 'valibot'
import type { LabStorage } from '../../../../../storage/lab'
import { type LabPicture, pictureEntries } from '../../pictures'

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))

const schema = v.object({
  kind: v.literal('grid'),
  /** Whether it goes on by itself when its address is opened. */
  state: v.picklist(['drawing', 'paused']),
  /** The hash of its address. */
  hash: v.pipe(v.string(), v.startsWith('#room=lab&')),
  /** What it is in a few words. */
  title: v.string(),
  done: whole,
  total: whole,
  rows: v.object({ asked: whole, evaluated: whole }),
})

export type GridJob = v.InferOutput<typeof schema>

export interface KeptGrid extends GridJob {
  readonly id: string
}

const idOf = (grid: string) => `grid ${grid}`

export async function keptGrid(storage: LabStorage, grid: string): Promise<GridJob | null> {
  const entry = await storage.get('jobs', idOf(grid))
  const read = entry && v.safeParse(schema, entry.value)
  return read?.success ? read.output : null
}

/** The newest first. */
export async function keptGrids(storage: LabStorage): Promise<readonly KeptGrid[]> {
  const all = await storage.all('jobs')
  return all
    .flatMap(({ id, value }) => {
      const read = v.safeParse(schema, value)
      return read.success ? [{ ...read.output, id: id.replace(/^grid /, '') }] : []
    })
    .reverse()
}

/** With pictures that came: what they took is in the job's count, so the one is not kept without the other. */
export function keepGrid(
  storage: LabStorage,
  grid: string,
  job: GridJob,
  came: ReadonlyMap<string, LabPicture>,
): Promise<void> {
  const jobs = [{ id: idOf(grid), made: Date.now(), value: job }]
  return storage.put(came.size === 0 ? { jobs } : { jobs, pictures: pictureEntries(came) })
}

export function forgetGrid(storage: LabStorage, grid: string): Promise<void> {
  return storage.remove('jobs', [idOf(grid)])
}
