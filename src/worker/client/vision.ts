/** The reader's own vision transformer: on its way to the worker, or accepted and given to every worker after it. */
import type { Desk } from './desk'
import type { Ready } from './state'

type Graph = Uint8Array<ArrayBuffer>

interface Offered {
  readonly id: number
  /** Null goes back to the model's own. */
  readonly graph: Graph | null
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Id under which a fresh worker is given a file that was accepted before; nobody waits for its answer. */
const KNOWN = 0

export class VisionChoice {
  #accepted: Graph | null = null
  #offered: Offered | null = null
  #ids = KNOWN

  constructor(private readonly desk: Desk) {}

  /** Whether a worker accepted a file in place of the model's own. */
  get own(): boolean {
    return this.#accepted !== null
  }

  offer(graph: Graph | null): Promise<void> {
    return new Promise((resolve, reject) => {
      this.reject('another file was chosen')
      this.#offered = { id: ++this.#ids, graph, resolve, reject }
      this.desk.ready()?.connection.post({ kind: 'vision', id: this.#offered.id, graph })
    })
  }

  onReady({ connection }: Ready): void {
    if (this.#accepted) connection.post({ kind: 'vision', id: KNOWN, graph: this.#accepted })
    if (this.#offered) connection.post({ kind: 'vision', id: this.#offered.id, graph: this.#offered.graph })
  }

  /** `message`: why the worker does not take it, or null. */
  onReply(id: number, message: string | null): void {
    const offered = this.#offered
    if (id !== offered?.id) return
    this.#offered = null
    if (message !== null) {
      offered.reject(new Error(message))
      return
    }
    this.#accepted = offered.graph
    offered.resolve()
  }

  reject(why: string): void {
    this.#offered?.reject(new Error(why))
    this.#offered = null
  }
}
