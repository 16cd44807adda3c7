/** What the playground lets the page around an embed see and do. Reads both: a run is drawn where it is of the settings in force. */
import { encodeLink, parsePreset, presetModel, toPreset, withFlags } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Session } from '../app/session'
import { hasLones, type Run } from '../run/run'
import { PLAY } from '../rooms/rooms'
import type { Play } from '../rooms/play/play'
import { pngOfAll, pngOfRole } from '../share/pngs'
import type { Change, EmbedPort } from './desk'
import { goTo, type GoingWindow } from './going'
import type { EmbedState, PictureName, Wanted } from './protocol'
import { seenOf, watch } from './watch'

/** After so long without a further change the last one is drawn in full, as when a slider is let go. */
const REST_MILLISECONDS = 200

export interface PlayPortWindow extends GoingWindow {
  setTimeout(callback: () => void, milliseconds: number): number
  clearTimeout(timer: number): void
}

/** The page's settings with some others in force, and their model's; a sentence where they can't be. */
function settingsWith({ store, models }: Session, given: NonNullable<Wanted['settings']>): Settings | string {
  const { settings, model } = store.getState()
  const wanted = presetModel(given) ?? model.id
  const target = models.find(({ id }) => id === wanted)
  if (!target) return `There is no model “${wanted}”.`
  const result = parsePreset(withFlags(target.id === model.id ? toPreset(settings) : {}, given), target)
  return result.ok ? result.settings : result.problem
}

function stateOf(session: Session): EmbedState {
  const { settings, at, drawn, problems, notes } = seenOf(session.store.getState())
  return {
    room: PLAY,
    link: session.link().replace(/^[^#]*#/, ''),
    settings: toPreset(settings),
    at,
    drawn: drawn !== null,
    notes: [...problems, ...notes],
  }
}

/** Sets settings one after the other, as a hand that drags does. */
function createSetting(play: Play, window: PlayPortWindow) {
  let rest = 0
  function change(given: NonNullable<Wanted['settings']>): string | null {
    const session = play.session()
    const settings = settingsWith(session, given)
    if (typeof settings === 'string') return settings
    const { model } = session.store.getState()
    const other = session.models.find(({ id }) => id === settings.model && id !== model.id)
    if (other) return goTo(window, encodeLink(settings, other))
    session.change(settings, 'around')
    window.clearTimeout(rest)
    rest = window.setTimeout(() => play.session().settle(), REST_MILLISECONDS)
    return null
  }
  return ({ link, settings, at }: Wanted): string | null => {
    const why = link === undefined ? null : goTo(window, link)
    const fault = why ?? (settings === undefined ? null : change(settings))
    const { store, seek } = play.session()
    if (fault === null && at !== undefined) seek(at / store.getState().settings.steps)
    return fault
  }
}

function subscribe(play: Play, changed: (what: Change) => void): () => void {
  let stop = watch(play.session(), changed)
  const leave = play.subscribe(() => {
    stop()
    stop = watch(play.session(), changed)
    changed('wanted')
  })
  return () => {
    leave()
    stop()
  }
}

/** Whether it has every picture of its settings that the page does not fold away. */
const isComplete = (run: Run, { ahead, store }: Session) => hasLones(run, ahead.aloneBut([]), store.getState().model)

/** The finished run of the settings with all its pictures, as soon as it is there. */
function drawn(play: Play): Promise<Run> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController()
    function look() {
      const seen = seenOf(play.session().store.getState())
      if (seen.drawn && isComplete(seen.drawn, play.session())) resolve(seen.drawn)
      else if (seen.failure) reject(new Error(seen.failure.message))
      else return
      ended.abort()
    }
    const stop = subscribe(play, look)
    ended.signal.addEventListener('abort', stop)
    look()
  })
}

async function image(play: Play, of: PictureName): Promise<Blob> {
  const leave = play.session().ask()
  const run = await drawn(play).finally(leave)
  const { model, playhead } = play.session().store.getState()
  const png = of === 'all' ? await pngOfAll(run, model) : await pngOfRole(run, model, of, playhead.position)
  if (!png) throw new Error(`There is no ${of} picture: the method has none, or its panel is folded away.`)
  return png
}

export function createPlayPort(play: Play, window: PlayPortWindow): EmbedPort {
  return {
    state: () => stateOf(play.session()),
    set: createSetting(play, window),
    image: (of) => image(play, of),
    subscribe: (changed) => subscribe(play, changed),
  }
}
