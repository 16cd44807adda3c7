/** How rows become runs of sessions: sorted by what they need, cut to what a run takes, filled up, and written as inputs. */
import type { DenoiserRow, ModelInfo } from '../model/types'
import { extentOf } from '../network/controls/complete'
import type { Extent, Feature } from '../network/controls/types'
import { roundsOf } from './rounds'
import { checkRows, feedsOf, groupsOf, toldOf, type RowShape } from './row-batch'
import type { Runtime, Tensors } from './runtime'
import type { Pooled, SessionPool } from './session-pool'

/** Rows that one session takes. */
export interface Alike {
  readonly features: readonly Feature[]
  /** Layer whose map is read; null for none. */
  readonly map: number | null
  readonly extent: Extent | null
  /** Places of the rows of each run of each round. */
  readonly rounds: readonly (readonly (readonly number[])[])[]
}

export interface RunsParts {
  readonly shape: RowShape
  readonly sessions: SessionPool
  readonly runtime: Runtime
  /** The batch size that is baked in: then the last row fills a batch up. */
  readonly fixed: number | null
  readonly maxRows: number
  readonly share: (rows: number) => readonly number[]
  readonly lean: boolean
}

/** The model as it is asked where the image is there already. */
export const withoutImage = (model: ModelInfo): ModelInfo => ({
  ...model,
  inputs: model.inputs.filter(({ meaning }) => meaning !== 'sample'),
})

export class Runs {
  constructor(private readonly parts: RunsParts) {}

  /** Rows of every run, filled up; null where a run takes any number. */
  get fixed(): number | null {
    return this.parts.fixed
  }

  /** Throws RangeError for rows of the wrong size. */
  check(rows: readonly DenoiserRow[]): void {
    checkRows(rows, this.parts.shape)
  }

  cut(rows: readonly DenoiserRow[], map: number | null = null): readonly Alike[] {
    const { shape, fixed, maxRows, share } = this.parts
    const lean = this.parts.lean && map === null && shape.model.brought === null
    return Array.from(groupsOf(rows, shape), ({ features, places }) => ({
      features,
      map,
      extent: lean ? extentOf(places.map((place) => rows[place]!.attention)) : null,
      rounds: roundsOf(places, { fixed, most: fixed ?? maxRows, share }),
    }))
  }

  session({ features, map, extent }: Alike): Promise<Pooled> {
    return this.parts.sessions.get({ rows: this.parts.fixed ?? 'dynamic', features, map, extent })
  }

  filled(asked: readonly DenoiserRow[]): readonly DenoiserRow[] {
    const filling = Math.max((this.parts.fixed ?? 0) - asked.length, 0)
    return [...asked, ...Array<DenoiserRow>(filling).fill(asked.at(-1)!)]
  }

  /** `image`: with the rows' x among them. */
  async feedsOf(
    batch: readonly DenoiserRow[],
    { features, extent }: Alike,
    { session, controls, told }: Pooled,
    image = true,
  ): Promise<Tensors> {
    const { shape, runtime } = this.parts
    const attention = batch.map((row) => row.attention)
    const asked = image ? shape : { ...shape, model: withoutImage(shape.model) }
    const feeds = feedsOf(batch, asked, controls.feeds(attention, features, extent), runtime)
    if (!told) return feeds
    const vectors = await told.feeds(batch.map((row) => toldOf(row, shape, runtime)))
    const own = Object.entries({ ...feeds, ...vectors }).filter(([name]) => session.inputNames.includes(name))
    return Object.fromEntries(own)
  }
}
