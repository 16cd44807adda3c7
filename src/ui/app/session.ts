/**
 * What the page does: changes settings, keeps the link and the history in step, runs the engine, and decides which run is
 * on the stage. Components call these commands and read the store.
 */
import { decodeLink, encodeLink, linkModel, sameSettings, withMethod } from '../../settings/codec'
import type { ModelInfo, NetworkRef } from '../../model/types'
import type { Settings } from '../../settings/types'
import type { BackendChoice, Engine, EngineEvent, EngineListener, MapRequest, MapResult } from '../../worker/protocol'
import { createEvaluationController, type EvaluationController, type Judging } from '../judge/judge'
import type { Lens } from '../lens/lens'
import { filesOf, settingsRefusals } from '../method/methods'
import { covers, frameOf, lastFrame, recordAt, type Run, sameSubject } from '../run/run'
import { RunCache } from '../run/run-cache'
import type { PageState, PageStore } from './store'

/** How long a whole way plays, and how long the link waits during a drag (browsers limit replaceState). */
const PLAY_MILLISECONDS = 4000
const LINK_MILLISECONDS = 200
const MESSAGE_MILLISECONDS = 4000

/** One step of the way takes longest to see at 4 frames a second. */
const FRAME_MILLISECONDS = 250

export type Gesture =
  /** A click, a key, a choice: a history entry of its own. */
  | 'discrete'
  /** Part of a drag: the first one makes the entry, the others replace it. */
  | 'drag'

export interface Session {
  readonly store: PageStore
  readonly judge: EvaluationController
  /** Bytes that asking the judge fetches. */
  readonly judgeBytes: number
  change(patch: Partial<Settings>, gesture?: Gesture): void
  /** Ends a drag, so that the next one makes its own history entry. */
  settle(): void
  /** Changes what is wanted; draws the next seed as well unless the seed is locked. */
  want(patch: Pick<Settings, 'class'>): void
  nextSeed(): void
  set(patch: Partial<PageState>): void
  seek(position: number): void
  stepBy(frames: number): void
  togglePlay(): void
  /** Shows the picture behind a number, at the step that the number is of. */
  look(lens: Lens): void
  chooseBackend(choice: BackendChoice): void
  /** Loads the engine again on the chosen backend. */
  restart(): void
  /** Samples the current settings again. */
  rerun(): void
  /** Folds the negative's own panel away, or brings it back. */
  hideNegative(hidden: boolean): void
  /** The method's own defaults: scale, layers and parameters. */
  resetMethod(): void
  say(message: string): void
  link(): string
  attentionMap(request: MapRequest): Promise<MapResult>
  /** Takes the reader's file as vision transformer, or null to go back to the model's own; what is wrong with it is said. */
  useVision(file: VisionSource | null): Promise<void>
  showStored(run: Run): void
  dispose(): void
}

/** The part of a `File` that is read. */
export type VisionSource = Pick<File, 'name' | 'arrayBuffer'>

/** The part of the browser window that a session uses. */
export interface SessionWindow {
  readonly history: Pick<History, 'pushState' | 'replaceState'>
  readonly location: Pick<Location, 'hash' | 'href' | 'reload'>
  readonly performance: Pick<Performance, 'now'>
  addEventListener(type: 'popstate', listener: () => void): void
  removeEventListener(type: 'popstate', listener: () => void): void
  setTimeout(callback: () => void, milliseconds: number): number
  clearTimeout(timer: number): void
  requestAnimationFrame(callback: (now: number) => void): number
  cancelAnimationFrame(frame: number): void
}

export interface SessionParts {
  readonly store: PageStore
  readonly connect: (listener: EngineListener) => Engine
  readonly judging: Judging
  readonly window: SessionWindow
}

/** What the engine has loaded once it is ready. */
const mainFiles = ({ graph, weights }: ModelInfo) => [graph.sha256, weights.sha256]

export function createSession({ store, connect, judging, window }: SessionParts): Session {
  const { getState, setState } = store
  const cache = new RunCache()
  const key = (settings: Settings) => encodeLink(settings, getState().model)
  // Without the negative's own trajectory it is another run, though the link is the same.
  const cacheKey = (settings: Settings) => `${key(settings)}${getState().negativeHidden ? ' without negative' : ''}`
  let dragging = false
  let linkTimer = 0
  let messageTimer = 0
  let playFrame = 0
  let current = -1
  /** What the engine is at work on, and what a drag asks for meanwhile. */
  let running: Settings | null = null
  let runningKey = ''
  let queued: Settings | null = null

  const engine = connect(onEvent)
  const judge = createEvaluationController({ store, engine, judging, now: () => window.performance.now() })

  // ---- runs ----

  /**
   * The coming run takes the stage as soon as it has the frame under the playhead, so that while a slider is dragged the
   * pictures change from one finished state to the next. Where it starts from other noise or another class there is
   * nothing to compare with, and watching it form beats waiting.
   */
  function admit(coming: Run): Partial<PageState> {
    const { shown, position, playing } = getState()
    const following = shown?.id === coming.id && shown.pass === coming.pass
    const unlike = !shown || !sameSubject(shown.settings, coming.settings)
    return following || (unlike && coming.records.length > 0) || covers(coming, playing ? 1 : position)
      ? { coming, shown: coming }
      : { coming }
  }

  function begin(settings: Settings, preview: boolean) {
    queued = null
    const focus = Math.min(getState().focus, settings.samples - 1)
    const known = cache.get(cacheKey(settings))
    if (known) {
      engine.cancel()
      running = null
      current = -1
      setState({ shown: known, settled: known, coming: null, runFailure: null, focus })
      return
    }
    setState({ runFailure: null, fetching: null, focus })
    if (getState().engine.kind !== 'ready') return
    if (settingsRefusals(settings, getState().model).length > 0) {
      // The page says why beside the method; the pictures stay those of the last settings that could run.
      engine.cancel()
      running = null
      setState({ coming: null })
      return
    }
    running = settings
    runningKey = cacheKey(settings)
    engine.run(settings, { preview, negativeAlone: !getState().negativeHidden })
  }

  /**
   * A drag lets the preview under way finish before the next begins: were each replaced by its successor, a slow device
   * would show nothing until the hand rests.
   */
  function follow(settings: Settings) {
    if (running && getState().coming?.pass === 'preview') queued = settings
    else begin(settings, true)
  }

  /** The files at hand after a run under these settings. */
  const withFiles = (settings: Settings) =>
    new Set([...getState().fetched, ...filesOf(settings, getState().model).map(({ sha256 }) => sha256)])

  const nameOf = (ref: NetworkRef | null) =>
    ref ? (getState().model.networks.find(({ id }) => id === ref.id)?.name ?? ref.id) : 'the vision transformer'

  function onEvent(event: EngineEvent): void {
    const state = getState()
    switch (event.kind) {
      case 'phase':
        setState({ engine: { kind: 'loading', backend: event.backend, phase: event.phase } })
        return
      case 'backend-rejected':
        setState({
          rejected: [
            ...state.rejected.filter(({ backend }) => backend !== event.backend),
            { backend: event.backend, failure: event.failure },
          ],
        })
        return
      case 'ready': {
        setState({
          engine: { kind: 'ready', backend: event.backend },
          fetched: new Set([...state.fetched, ...mainFiles(state.model)]),
        })
        // After a recovery the engine goes on with its run by itself.
        if (!running || !sameSettings(running, state.settings)) begin(state.settings, false)
        return
      }
      case 'fetching':
        setState({
          fetching: {
            label: `Fetching ${nameOf(event.network)}`,
            loaded: event.loaded,
            total: event.total,
            unit: 'bytes',
          },
        })
        return
      case 'combining':
        setState({
          fetching: {
            label: `Averaging ${nameOf(event.network)}`,
            loaded: event.done,
            total: event.total,
            unit: 'parts',
          },
        })
        return
      case 'fetched':
        setState({ fetching: null })
        return
      case 'run-started':
        // Events of superseded runs are not delivered, so the run that starts is the current one.
        current = event.run
        setState({
          fetching: null,
          coming: {
            id: event.run,
            origin: 'live',
            pass: event.pass,
            settings: event.settings,
            steps: event.settings.steps,
            records: [],
            final: null,
            summary: null,
          },
        })
        return
      case 'step': {
        const { coming } = state
        if (event.run !== current || !coming || coming.pass !== event.pass) return
        const records = [...coming.records.slice(0, event.record.index), event.record]
        setState({ ...admit({ ...coming, steps: event.record.steps, records }), fetching: null })
        return
      }
      case 'run-finished': {
        const { coming } = state
        if (event.run !== current || !coming || coming.pass !== event.pass) return
        const finished: Run = { ...coming, final: event.samples, summary: event.summary }
        if (event.pass === 'preview') {
          setState(admit(finished))
          if (queued) begin(queued, true)
          return
        }
        cache.set(runningKey, finished)
        running = null
        setState({
          coming: null,
          shown: finished,
          settled: finished,
          fetching: null,
          fetched: withFiles(finished.settings),
        })
        if (queued) begin(queued, true)
        return
      }
      case 'run-failed':
        if (event.run !== current) return
        running = null
        setState({ coming: null, fetching: null, runFailure: event.failure })
        if (queued) begin(queued, true)
        return
      case 'recovering':
        // Full storage costs the next visit a download and this one nothing.
        if (event.failure.code === 'storage-full') setState({ warning: event.failure })
        else setState({ engine: { kind: 'recovering', failure: event.failure } })
        return
      case 'failed':
        running = null
        setState({ engine: { kind: 'failed', failure: event.failure }, coming: null, fetching: null })
        return
      default:
        event satisfies never
    }
  }

  // ---- settings and link ----

  function writeLink(push: boolean) {
    const url = `#${key(getState().settings)}`
    if (push) window.history.pushState(null, '', url)
    else window.history.replaceState(null, '', url)
  }

  function change(patch: Partial<Settings>, gesture: Gesture = 'discrete') {
    const before = getState().settings
    const settings = { ...before, ...patch }
    if (sameSettings(before, settings)) return
    setState({ settings })
    window.clearTimeout(linkTimer)
    if (gesture === 'drag' && dragging) linkTimer = window.setTimeout(() => writeLink(false), LINK_MILLISECONDS)
    else writeLink(true)
    dragging = gesture === 'drag'
    if (gesture === 'drag') follow(settings)
    else begin(settings, true)
  }

  function settle() {
    if (!dragging) return
    dragging = false
    if (queued) begin(queued, true)
    window.clearTimeout(linkTimer)
    writeLink(false)
  }

  function onHistory() {
    window.clearTimeout(linkTimer)
    dragging = false
    // Classes, layers and engine belong to the model that the page was opened with.
    if (linkModel(window.location.hash) !== getState().model.id) return window.location.reload()
    const { settings, problems, notes } = decodeLink(window.location.hash, getState().model)
    setState({ problems, notes })
    if (sameSettings(settings, getState().settings)) return
    setState({ settings })
    begin(settings, true)
  }
  window.addEventListener('popstate', onHistory)

  // ---- playhead ----

  function stopPlaying() {
    window.cancelAnimationFrame(playFrame)
    if (getState().playing) setState({ playing: false })
  }

  function seek(position: number) {
    stopPlaying()
    setState({ position: Math.min(1, Math.max(0, position)) })
  }

  function play() {
    const { shown, position } = getState()
    if (!shown) return
    const from = position >= 1 ? 0 : position
    const duration = Math.min(PLAY_MILLISECONDS, shown.steps * FRAME_MILLISECONDS)
    const begun = window.performance.now()
    setState({ playing: true, position: from })
    const tick = (now: number) => {
      const next = Math.min(1, from + (now - begun) / duration)
      setState({ position: next })
      if (next >= 1) setState({ playing: false })
      else playFrame = window.requestAnimationFrame(tick)
    }
    playFrame = window.requestAnimationFrame(tick)
  }

  const nextSeed = () => (getState().settings.seed + 1) % 2 ** 32

  return {
    store,
    judge,
    judgeBytes: judging.bytes,
    change,
    settle,
    want: (patch) => change(getState().seedLocked ? patch : { ...patch, seed: nextSeed() }),
    nextSeed: () => change({ seed: nextSeed() }),
    set: (patch) => setState(patch),
    seek,
    stepBy: (frames) => {
      const { shown, position } = getState()
      if (!shown) return
      const frame = Math.min(Math.round(position * shown.steps), lastFrame(shown))
      seek((frame + frames) / shown.steps)
    },
    togglePlay: () => (getState().playing ? stopPlaying() : play()),
    look: (lens) => {
      const { shown, position, focus } = getState()
      setState({ lens })
      const record = shown && recordAt(shown, frameOf(position, shown.steps), focus)
      if (shown && record) seek(record.index / shown.steps)
    },
    chooseBackend: (choice) => {
      running = null
      setState({ choice, rejected: [], engine: { kind: 'loading', backend: null, phase: null } })
      engine.start(getState().model.id, choice)
    },
    restart: () => {
      running = null
      setState({ engine: { kind: 'loading', backend: null, phase: null } })
      engine.start(getState().model.id, getState().choice)
    },
    rerun: () => begin(getState().settings, false),
    hideNegative: (negativeHidden) => {
      setState({ negativeHidden })
      // Hiding needs nothing new; showing needs the trajectory that was left out.
      if (!negativeHidden) begin(getState().settings, false)
    },
    resetMethod: () => {
      const { settings, model } = getState()
      const defaults = withMethod(settings, settings.method, model)
      if (sameSettings(defaults, settings)) begin(settings, false)
      else change(defaults)
    },
    say: (message) => {
      window.clearTimeout(messageTimer)
      setState({ message })
      messageTimer = window.setTimeout(() => setState({ message: null }), MESSAGE_MILLISECONDS)
    },
    link: () => `${window.location.href.replace(/#.*$/, '')}#${key(getState().settings)}`,
    attentionMap: (request) => engine.attentionMap(request),
    useVision: async (file) => {
      const { model, shippedVision } = getState()
      try {
        const bytes = file && new Uint8Array(await file.arrayBuffer())
        await engine.useVision(bytes)
        // Methods ask the model whether there is one.
        const none = shippedVision ? model.vision : null
        const own = bytes && { file: file.name, bytes: bytes.length, sha256: '' }
        setState({
          visionProblem: null,
          vision: file?.name ?? null,
          model: {
            ...model,
            vision:
              model.vision && shippedVision
                ? model.vision
                : own
                  ? { graph: own, weights: own, height: model.image.height, width: model.image.width }
                  : none,
          },
        })
        // The same settings now give other images.
        cache.clear()
        begin(getState().settings, false)
      } catch (error) {
        setState({
          visionProblem: `${file?.name ?? 'The vision transformer'}: ${error instanceof Error ? error.message : String(error)}`,
        })
      }
    },
    showStored: (run) => {
      // A live run that came first is better, and a link may ask for something else.
      if (!getState().shown && sameSettings(run.settings, getState().settings)) setState({ shown: run, settled: run })
    },
    dispose: () => {
      window.removeEventListener('popstate', onHistory)
      stopPlaying()
      judge.close()
      engine.dispose()
    },
  }
}
