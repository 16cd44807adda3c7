/** Files on their way, each fetched once for whoever wants it. */
import type { EngineFailure } from '../../core/failure'
import type { ModelFile } from '../../model/types'
import type { EngineParts } from './parts'

export interface Download {
  readonly bytes: Promise<Uint8Array<ArrayBuffer>>
  /** Bytes that have come. */
  readonly loaded: number
  readonly listeners: Set<() => void>
}

interface Running extends Download {
  readonly abort: AbortController
  loaded: number
}

export class Downloads {
  readonly #running = new Map<string, Running>()

  constructor(
    private readonly fetchFile: EngineParts['fetchFile'],
    private readonly onNotice: (notice: EngineFailure) => void,
  ) {}

  get(model: string, file: ModelFile): Download {
    const known = this.#running.get(file.file)
    if (known) return known
    const abort = new AbortController()
    const listeners = new Set<() => void>()
    const bytes = this.fetchFile({
      model,
      file,
      signal: abort.signal,
      onProgress: (loaded) => {
        download.loaded = loaded
        for (const listener of listeners) listener()
      },
      onNotice: (failure) => {
        if (!abort.signal.aborted) this.onNotice(failure)
      },
    })
    const download: Running = { abort, bytes, listeners, loaded: 0 }
    this.#running.set(file.file, download)
    const end = () => {
      if (this.#running.get(file.file) === download) this.#running.delete(file.file)
    }
    bytes.then(end, end)
    return download
  }

  /** Ends downloads that nobody wants any more; a file that a newer run needs as well goes on. */
  keep(wanted: () => ReadonlySet<string>): void {
    if (this.#running.size === 0) return
    const names = wanted()
    for (const [file, { abort }] of this.#running) {
      if (names.has(file)) continue
      this.#running.delete(file)
      abort.abort(new Error('no longer wanted'))
    }
  }

  end(): void {
    this.keep(() => new Set())
  }
}
