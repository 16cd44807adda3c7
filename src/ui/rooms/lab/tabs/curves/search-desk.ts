/** Searches for better settings of one method, step by step, each by a race; what it tried stays. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { messageOf } from '../../../../../core/failure'
import type { Behind } from '../../../../../evaluation/halving'
import { plainOf } from '../../../../../lab/point'
import type { ModelInfo } from '../../../../../model/types'
import { encodeLink } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'
import { pointOf } from '../../judged/point'
import { ERROR, race } from '../../judged/race'
import { pointsOf, type Place } from './curve'
import type { Beaten, DeskParts } from './desk'
import { stepsOf, triedOf, type Step } from './search'

export interface Stepped {
  readonly step: Step
  readonly tried: readonly Place[]
  readonly beaten: Readonly<Record<string, Beaten>>
  /** Who is left so far, the leader first; null before the first look. */
  readonly left: readonly Behind[] | null
  readonly images: number
}

export interface SearchState {
  readonly from: { readonly settings: Settings; readonly model: ModelInfo } | null
  readonly most: number
  readonly steps: readonly Stepped[]
  readonly stage: 'idle' | 'running' | 'paused' | 'done' | 'failed'
  readonly message: string | null
  /** The best so far: the leader of the last step that is over. */
  readonly best: Settings | null
}

export interface SearchDesk {
  readonly store: Pick<StoreApi<SearchState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** `most`: images of a candidate. */
  start(settings: Settings, model: ModelInfo, most: number): void
  /** Shows what was tried from these settings, and goes on where the page was left in the middle. */
  resume(settings: Settings, model: ModelInfo): Promise<void>
  pause(): void
  show(shown: boolean): void
  dispose(): void
}

interface Job {
  readonly of: string
  readonly most: number
  readonly stage: 'running' | 'paused' | 'done'
}

function isJob(value: unknown): value is Job {
  if (typeof value !== 'object' || value === null || !('of' in value && 'most' in value && 'stage' in value))
    return false
  const { of, most, stage } = value
  return typeof of === 'string' && Number.isInteger(most) && ['running', 'paused', 'done'].includes(String(stage))
}

/** A job for each settings that were searched from: the search is run again from the images that are kept. */
const jobId = (settings: Settings, model: ModelInfo) => `search ${encodeLink(settings, model)}`

const NOTHING: SearchState = { from: null, most: 200, steps: [], stage: 'idle', message: null, best: null }

class Search implements SearchDesk {
  readonly store = createStore<SearchState>(() => NOTHING)
  #controller = new AbortController()
  #shown = true

  constructor(private readonly parts: DeskParts) {}

  start(settings: Settings, model: ModelInfo, most: number): void {
    void this.#go(settings, model, most)
  }

  async resume(settings: Settings, model: ModelInfo): Promise<void> {
    const job = (await this.parts.storage.get('jobs', jobId(settings, model)))?.value
    if (!isJob(job) || this.#state.stage === 'running') return
    if (job.stage === 'paused') this.#patch({ ...NOTHING, from: { settings, model }, most: job.most, stage: 'paused' })
    else await this.#go(settings, model, job.most)
  }

  pause(): void {
    this.#controller.abort(new Error('paused'))
    if (this.#state.stage !== 'running') return
    this.#patch({ stage: 'paused' })
    this.#keep('paused')
  }

  show(shown: boolean): void {
    if (shown === this.#shown) return
    this.#shown = shown
    const { stage, from, most } = this.#state
    if (stage !== 'running' || !from) return
    if (shown) void this.#go(from.settings, from.model, most)
    else this.#controller.abort(new Error('the lab is not seen'))
  }

  dispose(): void {
    this.#controller.abort(new Error('the lab was closed'))
  }

  get #state(): SearchState {
    return this.store.getState()
  }

  #patch(change: Partial<SearchState>): void {
    this.store.setState(change)
  }

  #keep(stage: Job['stage']): void {
    const { from, most } = this.#state
    if (!from) return
    const of = jobId(from.settings, from.model)
    const value: Job = { of, most, stage }
    void this.parts.storage.put({ jobs: [{ id: of, made: this.parts.date(), value }] })
  }

  async #go(settings: Settings, model: ModelInfo, most: number): Promise<void> {
    this.#controller.abort(new Error('another search'))
    this.#controller = new AbortController()
    const { signal } = this.#controller
    this.#patch({ ...NOTHING, from: { settings, model }, most, stage: 'running' })
    this.#keep('running')
    try {
      const judge = await this.parts.judgeOf(model)
      const steps = stepsOf(settings, model)
      let best = settings
      for (const step of steps) {
        best = await this.#step(step, best, { model, judge, most, error: ERROR / steps.length, signal })
        this.#patch({ best })
        // No guidance has no layers and no window.
        if (best.scale === 0) break
      }
      this.#patch({ stage: 'done' })
      this.#keep('done')
    } catch (error) {
      if (!signal.aborted) this.#patch({ stage: 'failed', message: messageOf(error) })
    }
  }

  /** The leader of what the step tried. */
  async #step(step: Step, from: Settings, { model, judge, ...rest }: StepParts): Promise<Settings> {
    const tried = triedOf(step, from, model, judge)
    const before = this.#state.steps
    let now: Stepped = { step, tried, beaten: {}, left: null, images: 0 }
    this.#patch({ steps: [...before, now] })
    const left = await race({
      ...rest,
      work: this.parts.work,
      points: pointsOf(tried),
      plain: pointOf(plainOf(from, model), model, judge),
      onLook: ({ images, look }) => {
        const out = look.out.map(({ id, behind }) => [id, { images, behind }] as const)
        now = { ...now, beaten: { ...now.beaten, ...Object.fromEntries(out) }, left: look.left, images }
        this.#patch({ steps: [...before, now] })
      },
    })
    return tried.find(({ point }) => point?.key === left[0]?.id)?.point?.settings ?? from
  }
}

interface StepParts {
  readonly model: ModelInfo
  readonly judge: string
  readonly most: number
  readonly error: number
  readonly signal: AbortSignal
}

export const createSearchDesk = (parts: DeskParts): SearchDesk => new Search(parts)
