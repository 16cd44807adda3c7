/**
 * Draws runs of the scales around the one in force, so that a slow drag meets finished pictures: one after the other while nothing else
 * is asked, the page is seen and somebody is there; any wish ends it at once. Reads both: it begins where what is shown is what is wanted.
 */
import { lowestScale } from '../../guidance/scale'
import type { GuidanceMethod } from '../../guidance/types'
import { sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Session } from '../app/session'
import type { PageState } from '../app/state'
import { settingsRefusals } from '../method/methods'
import { isWhole } from '../run/run'
import { roomAhead } from '../run/run-cache'
import { rungsAround } from './rungs'
import { positionOf } from './stops'

/** How long nothing is asked for before the first: between two points of a drag nothing begins. */
const REST_MS = 600
/** Stops on each side; further once the scale was changed, and as far as a large step of the slider goes. */
const NEAR = 3
const FAR = 6
/** On a battery, and below which share of it nothing is drawn that nobody asked for. */
const ON_BATTERY = 2
const LOW_BATTERY = 0.25

export interface Power {
  readonly charging: boolean
  readonly level: number
}

/** What a ladder knows of the page around. */
export interface Surroundings {
  readonly hidden: () => boolean
  /** Null where it is not told. */
  readonly power: () => Promise<Power | null>
  readonly setTimeout: (callback: () => void, milliseconds: number) => number
  readonly clearTimeout: (timer: number) => void
}

type AtRest = PageState & { readonly run: { readonly settled: NonNullable<PageState['run']['settled']> } }

/** Whether all that was asked for is there. */
function atRest(state: PageState): state is AtRest {
  const { engine, run, settings } = state
  const { settled, coming } = run
  return (
    engine.status.kind === 'ready' &&
    coming === null &&
    settled !== null &&
    settled.origin === 'live' &&
    isWhole(settled) &&
    sameSettings(settled.settings, settings)
  )
}

function stopsFor(power: Power | null, changed: boolean): number {
  if (power && !power.charging) return power.level < LOW_BATTERY ? 0 : ON_BATTERY
  return changed ? FAR : NEAR
}

export class Ladder {
  #timer: number | null = null
  #drawing: { readonly scale: number; readonly abort: AbortController } | null = null
  #from: number
  #upwards = true
  #changed = false
  /** Scales that are there, or can't be drawn, around the present one. */
  #tried: { readonly of: Settings; readonly scales: Set<number> } | null = null

  constructor(
    private readonly session: Pick<Session, 'store'> & {
      readonly foresee: (settings: Settings, signal: AbortSignal) => Promise<void>
    },
    private readonly method: GuidanceMethod,
    private readonly page: Surroundings,
  ) {
    this.#from = session.store.getState().settings.scale
  }

  /** Looks anew at what is wanted and what is there. */
  look(): void {
    const state = this.session.store.getState()
    const { scale } = state.settings
    if (scale !== this.#from) {
      this.#upwards = scale > this.#from
      this.#changed = true
      this.#from = scale
    }
    if (this.page.hidden() || !atRest(state)) return this.stop()
    // A drag that met a finished picture lets the next one be drawn.
    if (this.#drawing && Math.abs(positionOf(this.#drawing.scale) - positionOf(scale)) <= FAR) return
    this.stop()
    this.#timer = this.page.setTimeout(() => void this.#climb(), REST_MS)
  }

  stop(): void {
    if (this.#timer !== null) this.page.clearTimeout(this.#timer)
    this.#timer = null
    this.#drawing?.abort.abort(new Error('no longer wanted'))
  }

  async #climb(): Promise<void> {
    this.#timer = null
    const power = await this.page.power()
    for (;;) {
      const state = this.session.store.getState()
      if (this.#drawing || this.#timer !== null || this.page.hidden() || !atRest(state)) return
      const { settings } = state
      if (!this.#tried || !sameSettings(this.#tried.of, settings)) this.#tried = { of: settings, scales: new Set() }
      const { scales } = this.#tried
      const next = this.#rungs(state, stopsFor(power, this.#changed)).find((scale) => !scales.has(scale))
      if (next === undefined) return
      await this.#draw({ ...settings, scale: next }, scales)
    }
  }

  #rungs({ settings, model }: AtRest, stops: number): readonly number[] {
    const { scale: allowed } = this.method
    const [lowest, highest] = [lowestScale(this.method), Math.max(allowed.max, settings.scale)]
    return rungsAround(settings.scale, { stops, lowest, highest, upwards: this.#upwards })
      .slice(0, roomAhead(settings))
      .filter((scale) => settingsRefusals({ ...settings, scale }, model).length === 0)
  }

  async #draw(settings: Settings, tried: Set<number>): Promise<void> {
    const abort = new AbortController()
    this.#drawing = { scale: settings.scale, abort }
    try {
      await this.session.foresee(settings, abort.signal)
    } catch {
      // A person who asks for it is told why it can't be drawn.
    } finally {
      this.#drawing = null
      if (!abort.signal.aborted) tried.add(settings.scale)
    }
  }
}
