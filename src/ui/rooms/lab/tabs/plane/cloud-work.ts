/** Walks points of several settings, a few of each in turn, and measures them as they come. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { messageOf } from '../../../../../core/failure'
import { concatenate } from '../../../../../core/vector'
import { BLOCKS } from '../../../../../evaluation/metrics'
import { POINTS, POINTS_PER_ROW } from '../../../../../plane/cloud'
import { measuredOf, type Measured, type Truth } from '../../../../../plane/measures'
import type { Mixture } from '../../../../../plane/mixture'
import type { SeenPoints } from '../../../plane/messages'
import type { Workers } from '../../../plane/workers'
import type { Point } from '../../judged/point'
import { nextTurn } from '../../judged/turns'

export interface CloudState {
  readonly have: number
  readonly want: number
  readonly measured: Measured | null
  /** The first of them, [points × 2]. */
  readonly ends: Float32Array
  /** Why it gets no more. */
  readonly failure: string | null
}

export interface WorkState {
  /** By the key of their point. */
  readonly clouds: Readonly<Record<string, CloudState>>
  readonly busy: boolean
}

export interface CloudWork {
  readonly store: Pick<StoreApi<WorkState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** Walks until each has so many points; what was asked before is given up, and what there is of it stays. */
  draw(points: readonly Point[], want: number): Promise<void>
  /** Walks nothing any more. */
  stop(): void
  dispose(): void
}

/** Points that are kept of settings that nobody asks for now. */
const MOST_KEPT = 2_000_000

const EMPTY: CloudState = { have: 0, want: 0, measured: null, ends: new Float32Array(), failure: null }

function joined(a: SeenPoints | undefined, b: SeenPoints): SeenPoints {
  if (!a) return b
  return {
    ends: a.ends,
    log: concatenate([a.log, b.log], Float64Array),
    twig: concatenate([a.twig, b.twig], Int16Array),
  }
}

export interface CloudParts {
  readonly workers: Pick<Workers, 'see' | 'dispose'>
  readonly mixture: Mixture
  readonly truth: Truth
}

export function createCloudWork({ workers, mixture, truth }: CloudParts): CloudWork {
  const store = createStore<WorkState>(() => ({ clouds: {}, busy: false }))
  const seen = new Map<string, SeenPoints>()
  let asked = 0

  const state = (key: string) => store.getState().clouds[key] ?? EMPTY
  const update = (key: string, change: Partial<CloudState>) =>
    store.setState({ clouds: { ...store.getState().clouds, [key]: { ...state(key), ...change } } })

  /** Points are cheap, so what nobody looks at is only kept while there is room. */
  function forget(wanted: readonly Point[]) {
    const kept = [...seen.values()].reduce((sum, { log }) => sum + log.length, 0)
    if (kept <= MOST_KEPT) return
    const keys = wanted.map(({ key }) => key)
    for (const key of seen.keys()) if (!keys.includes(key)) seen.delete(key)
    const clouds = Object.entries(store.getState().clouds).filter(([key]) => keys.includes(key))
    store.setState({ clouds: Object.fromEntries(clouds) })
  }

  async function turn({ key, drawn }: Point, from: number, count: number) {
    try {
      const more = await workers.see(drawn, from / POINTS_PER_ROW, count / POINTS_PER_ROW)
      // Another wish may have walked them meanwhile.
      if (state(key).have !== from) return
      const all = joined(seen.get(key), more)
      seen.set(key, all)
      const measured = measuredOf(all, drawn.class, mixture, truth, BLOCKS)
      update(key, { have: all.log.length, ends: all.ends, measured })
    } catch (error) {
      update(key, { failure: messageOf(error) })
    }
  }

  return {
    store,
    draw: async (points, want) => {
      const mine = ++asked
      forget(points)
      for (const { key } of points) update(key, { want, failure: null })
      store.setState({ busy: true })
      for (;;) {
        const open = points.map(({ key }) => ({ key, ...state(key) })).filter(({ failure }) => failure === null)
        const next = nextTurn(open, POINTS)
        if (!next || mine !== asked) break
        await turn(
          points.find(({ key }) => key === next.key)!,
          next.from,
          next.count,
        )
      }
      if (mine === asked) store.setState({ busy: false })
    },
    stop: () => {
      asked++
      store.setState({ busy: false })
    },
    dispose: () => {
      asked++
      workers.dispose()
    },
  }
}
