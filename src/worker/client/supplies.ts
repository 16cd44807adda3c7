/** Gives a worker the model's files that it lacks, and tells the page how far they are. */
import type { Need } from '../../engine/needs'
import type { ModelFile, NetworkRef } from '../../model/types'
import type { EngineEvent } from '../protocol'
import type { Connection } from './connection'
import type { Download, Downloads } from './downloads'
import { namesOf } from './wants'

export interface SuppliesParts {
  readonly downloads: Downloads
  readonly emit: (event: EngineEvent) => void
  /** The model that is loaded. */
  readonly model: () => string
  /** Names of the files that the worker must keep, whatever else it needs. */
  readonly inUse: () => readonly string[]
}

export class Supplies {
  constructor(private readonly parts: SuppliesParts) {}

  /**
   * Gives the worker the files that it lacks, network by network. Rejects with `EngineError`, or with the signal's reason once
   * the files are not wanted any more; downloads go on then.
   */
  async provide(connection: Connection, needs: readonly Need[], signal: AbortSignal): Promise<void> {
    for (const need of needs) {
      const missing = connection.files.missing([need])
      if (missing.length === 0) continue
      const bytes = await this.#fetch(need.network, missing, signal)
      connection.files.add(missing)
      connection.post({
        kind: 'files',
        files: Object.fromEntries(missing.map(({ file }, i) => [file, bytes[i]!])),
        drop: connection.files.drop(new Set([...namesOf(needs), ...this.parts.inUse()])),
      })
      this.parts.emit({ kind: 'fetched', network: need.network, came: missing.map(({ sha256 }) => sha256) })
    }
  }

  /** The bytes of files for one network. Where they fail to come or are given up, the page hears `fetched` from here. */
  async #fetch(
    network: NetworkRef | null,
    files: readonly ModelFile[],
    signal: AbortSignal,
  ): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    const { downloads, emit, model } = this.parts
    const running = files.map((file) => downloads.get(model(), file))
    const silence = this.#report(network, files, running)
    const fetched = () => emit({ kind: 'fetched', network, came: [] })
    let stop = () => {}
    const stopped = new Promise<never>((_, reject) => {
      stop = () => {
        silence()
        reject(signal.reason as Error)
        // The page hears of it after the call that gave up has returned, and before the next run has anything to say.
        queueMicrotask(fetched)
      }
    })
    signal.addEventListener('abort', stop, { once: true })
    try {
      const bytes = await Promise.race([Promise.all(running.map((download) => download.bytes)), stopped])
      signal.throwIfAborted()
      return bytes
    } catch (error) {
      silence()
      if (!signal.aborted) fetched()
      throw error
    } finally {
      silence()
      signal.removeEventListener('abort', stop)
    }
  }

  /** Tells the page how far the downloads are, until the function that it returns is called. */
  #report(network: NetworkRef | null, files: readonly ModelFile[], running: readonly Download[]): () => void {
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
    const report = () => {
      const loaded = running.reduce((sum, download) => sum + download.loaded, 0)
      this.parts.emit({ kind: 'fetching', network, loaded, total })
    }
    for (const { listeners } of running) listeners.add(report)
    report()
    return () => {
      for (const { listeners } of running) listeners.delete(report)
    }
  }
}
