/** The room's session: settings and address as in the playground, and beside them the points, which workers walk. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { messageOf } from '../../../core/failure'
import type { ErrorMaps } from '../../../plane/errors'
import type { Lines } from '../../../plane/ground'
import type { Measures } from '../../../plane/measures'
import type { ModelInfo } from '../../../model/types'
import { decodeLink, settingsRefusal, withoutRoom } from '../../../settings'
import { readView } from '../../../settings/view'
import type { Settings } from '../../../settings/types'
import type { Trajectory } from '../../../sampling/records'
import { createSession, type Session, type SessionWindow } from '../../app/session'
import { createPageStore } from '../../app/state'
import type { ThemeChoice } from '../../app/shell'
import { seedKeptOf } from '../../app/link'
import { roomAddress } from '../rooms'
import type { OfTrajectories, PartOfCloud } from './messages'
import { silentEngine } from './silent-engine'
import type { Workers } from './workers'

export interface Shown extends PartOfCloud {
  readonly settings: Settings
  readonly measures: OfTrajectories<Measures>
}

export interface PlaneState {
  readonly shown: Shown | null
  /** Whether the points are those of the settings. */
  readonly current: boolean
  readonly failure: string | null
  readonly trajectory: Trajectory
  /** Share of the way, 1 is σ = 0. */
  readonly position: number
  readonly playing: boolean
  /** The point that is followed. */
  readonly followed: number | null
  readonly field: boolean
  readonly lines: boolean
}

export const START: PlaneState = {
  shown: null,
  current: false,
  failure: null,
  trajectory: 'guided',
  position: 1,
  playing: false,
  followed: null,
  field: true,
  lines: true,
}

export interface Plane {
  readonly session: Session
  readonly store: StoreApi<PlaneState>
  seek(position: number): void
  togglePlay(): void
  /** So many steps of the sampler on, or back. */
  stepBy(by: number): void
  set(patch: Partial<Pick<PlaneState, 'trajectory' | 'followed' | 'field' | 'lines'>>): void
  linesAt(sigma: number, label: number | null): Promise<Lines>
  fieldAt(settings: Settings, step: number, x: Float32Array): Promise<Float32Array | null>
  errorsAt(sigma: number, label: number | null, side: number): Promise<ErrorMaps>
  dispose(): void
}

export interface PlaneParts {
  readonly model: ModelInfo
  readonly workers: Workers
  readonly window: SessionWindow
  readonly theme: ThemeChoice
  readonly owns: (hash: string) => boolean
}

export const ROOM = 'plane'

/** The window as the session sees it: its addresses are the room's. */
function roomWindow(window: SessionWindow): SessionWindow {
  const inRoom = (hash: string | URL | null | undefined) => roomAddress(ROOM, String(hash ?? '').replace(/^#/, ''))
  return {
    history: {
      get state(): unknown {
        return window.history.state
      },
      pushState: (entry: unknown, unused: string, hash) => window.history.pushState(entry, unused, inRoom(hash)),
      replaceState: (entry: unknown, unused: string, hash) => window.history.replaceState(entry, unused, inRoom(hash)),
    },
    location: {
      get hash() {
        return withoutRoom(window.location.hash)
      },
      get href() {
        return window.location.href
      },
    },
    get parent() {
      return window.parent === window ? this : window.parent
    },
    performance: window.performance,
    setTimeout: (callback, milliseconds) => window.setTimeout(callback, milliseconds),
    clearTimeout: (timer) => window.clearTimeout(timer),
    requestAnimationFrame: (callback) => window.requestAnimationFrame(callback),
    cancelAnimationFrame: (frame) => window.cancelAnimationFrame(frame),
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
  }
}

const PLAY_MILLISECONDS = 5000

function createClock(store: StoreApi<PlaneState>, window: SessionWindow) {
  let frame = 0
  const stop = () => {
    window.cancelAnimationFrame(frame)
    if (store.getState().playing) store.setState({ playing: false })
  }
  const play = () => {
    const from = store.getState().position >= 1 ? 0 : store.getState().position
    const begun = window.performance.now()
    store.setState({ playing: true, position: from })
    const tick = (now: number) => {
      const position = Math.min(1, from + Math.max(0, now - begun) / PLAY_MILLISECONDS)
      store.setState({ position, playing: position < 1 })
      if (position < 1) frame = window.requestAnimationFrame(tick)
    }
    frame = window.requestAnimationFrame(tick)
  }
  return { stop, togglePlay: () => (store.getState().playing ? stop() : play()) }
}

const ends = ({ paths }: PartOfCloud): OfTrajectories<Float32Array> => ({
  positive: paths.positive?.at(-1) ?? null,
  negative: paths.negative?.at(-1) ?? null,
  guided: paths.guided?.at(-1) ?? null,
})

/** Walks the points of the settings: one way under way and one waiting, of which the latest counts. */
export function createWalking(model: ModelInfo, store: StoreApi<PlaneState>, workers: Workers) {
  let busy = false
  let waiting: Settings | null = null
  // What is asked for by now; null where no points can be walked under it.
  let wanted: Settings | null = null
  async function walk(settings: Settings): Promise<void> {
    const cloud = await workers.walk(settings)
    const measures = await workers.ask('measure', { ends: ends(cloud), label: settings.class })
    store.setState({ shown: { ...cloud, settings, measures }, current: settings === wanted, failure: null })
  }
  async function next(): Promise<void> {
    const settings = waiting
    waiting = null
    if (!settings) return
    busy = true
    try {
      await walk(settings)
    } catch (error) {
      // Of settings that are no longer asked for nobody wants to know.
      if (settings === wanted) store.setState({ failure: messageOf(error) })
    }
    busy = false
    await next()
  }
  return (settings: Settings) => {
    const why = settingsRefusal(settings, model)
    wanted = why === null ? settings : null
    waiting = wanted
    if (why !== null) return store.setState({ failure: null, current: false })
    store.setState({ current: false })
    if (!busy) void next()
  }
}

export function createPlane({ model, workers, window, theme, owns }: PlaneParts): Plane {
  const address = withoutRoom(window.location.hash)
  const link = decodeLink(address, model)
  const page = createPageStore(model, link.settings, link.problems, theme)
  page.patch({
    notices: { notes: link.notes },
    run: { opened: true },
    controls: { seedKept: seedKeptOf(window.history.state) ?? link.namesSeed },
  })
  const session = createSession({
    store: page,
    connect: silentEngine,
    judging: null,
    window: roomWindow(window),
    models: [model],
    publishedOf: () => Promise.resolve([]),
    owns: () => owns(window.location.hash),
    reopen: () => undefined,
  })
  const { at } = readView(address).view
  const position = at === null ? START.position : Math.min(1, at / link.settings.steps)
  const store = createStore<PlaneState>(() => ({ ...START, position }))
  const clock = createClock(store, window)
  const walk = createWalking(model, store, workers)
  const stopWatching = page.subscribe((now, before) => {
    if (now.settings !== before.settings) walk(now.settings)
  })
  walk(link.settings)
  const lines = new Map<string, Promise<Lines>>()
  const seek = (position: number) => {
    clock.stop()
    store.setState({ position: Math.min(1, Math.max(0, position)) })
  }
  return {
    session,
    store,
    seek,
    togglePlay: clock.togglePlay,
    // Reads both: a step is one of the points that are shown, and of the wanted ones before there are any.
    stepBy: (by) => {
      const { position, shown } = store.getState()
      const { steps } = shown?.settings ?? page.getState().settings
      seek((Math.round(position * steps) + by) / steps)
    },
    set: (patch) => store.setState(patch),
    linesAt: (sigma, label) => {
      const key = `${sigma} ${label}`
      const known = lines.get(key) ?? workers.ask('lines', { sigma, label })
      lines.set(key, known)
      return known
    },
    fieldAt: (settings, step, x) => workers.ask('field', { settings, step, x }),
    errorsAt: (sigma, label, side) => workers.ask('errors', { sigma, label, side }),
    dispose: () => {
      stopWatching()
      clock.stop()
      session.dispose()
      workers.dispose()
    },
  }
}
