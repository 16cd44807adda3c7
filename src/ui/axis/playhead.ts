/** Moves the playhead along the noise axis: by hand, by frames, or playing the whole way. */
import type { PageStore } from '../app/state'
import { frameOf, lastFrame, recordAt } from '../run/run'

/** How long a whole way plays, at most. */
const PLAY_MILLISECONDS = 4000
/** How long one step stays at most, so that a way of few steps plays quicker. */
const FRAME_MILLISECONDS = 250

export interface PlayheadCommands {
  seek(position: number): void
  stepBy(frames: number): void
  togglePlay(): void
  /** Opens a plot, by its id, at the step whose numbers stand beside it. */
  look(lens: string): void
}

/** The part of the browser window that animates. */
export interface AnimationWindow {
  readonly performance: Pick<Performance, 'now'>
  requestAnimationFrame(callback: (now: number) => void): number
  cancelAnimationFrame(frame: number): void
}

export interface Playhead extends PlayheadCommands {
  stop(): void
}

interface Parts {
  readonly store: PageStore
  readonly window: AnimationWindow
}

export function createPlayhead({ store, window }: Parts): Playhead {
  const { getState, patch } = store
  let playFrame = 0

  function stop() {
    window.cancelAnimationFrame(playFrame)
    if (getState().playhead.playing) patch({ playhead: { playing: false } })
  }

  function seek(position: number) {
    stop()
    patch({ playhead: { position: Math.min(1, Math.max(0, position)) } })
  }

  function play() {
    const { run, playhead } = getState()
    if (!run.shown) return
    const from = playhead.position >= 1 ? 0 : playhead.position
    const duration = Math.min(PLAY_MILLISECONDS, run.shown.steps * FRAME_MILLISECONDS)
    const begun = window.performance.now()
    patch({ playhead: { playing: true, position: from } })
    const tick = (now: number) => {
      const next = Math.min(1, from + (now - begun) / duration)
      patch({ playhead: { position: next, playing: next < 1 } })
      if (next < 1) playFrame = window.requestAnimationFrame(tick)
    }
    playFrame = window.requestAnimationFrame(tick)
  }

  return {
    stop,
    seek,
    stepBy: (frames) => {
      const { run, playhead } = getState()
      if (!run.shown) return
      const frame = Math.min(Math.round(playhead.position * run.shown.steps), lastFrame(run.shown))
      seek((frame + frames) / run.shown.steps)
    },
    togglePlay: () => (getState().playhead.playing ? stop() : play()),
    look: (lens) => {
      const { run, playhead, stage, model } = getState()
      patch({ equation: { lens } })
      const record =
        run.shown && recordAt(run.shown, frameOf(playhead.position, run.shown.steps), stage.focus, model.image)
      if (run.shown && record) seek(record.index / run.shown.steps)
    },
  }
}
