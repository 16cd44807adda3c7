/** One piece of work at a time: a newer one takes the place of the one before, and whoever waits is told how it goes. */
import { messageOf } from '../../../core/failure'
import { NONE, type Work } from './state'

type Working = Extract<Work<never>, { kind: 'working' }>

/** What a worker is given to be watched by. */
export interface Watch {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number, what: string) => void
}

export class Task {
  #running = new AbortController()

  stop(): void {
    this.#running.abort(new Error('stopped'))
  }

  /** Tells how it goes, unless it was given up. */
  async run<T>(work: (watch: Watch) => Promise<T>, told: (work: Work<T>) => void): Promise<void> {
    this.#running.abort(new Error('something newer was asked for'))
    this.#running = new AbortController()
    const { signal } = this.#running
    const tell = (now: Work<T>) => void (signal.aborted || told(now))
    const working = (done: number, total: number, what: string): Working => ({ kind: 'working', done, total, what })
    tell(working(0, 1, ''))
    try {
      const value = await work({ signal, onProgress: (done, total, what) => tell(working(done, total, what)) })
      tell({ kind: 'done', value })
    } catch (error) {
      tell({ kind: 'failed', why: messageOf(error) })
    }
  }
}

/** The work that goes on is over; what is done or failed stays. */
export const rested = <T>(work: Work<T>): Work<T> => (work.kind === 'working' ? NONE : work)
