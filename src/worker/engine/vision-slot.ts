/** The vision transformer in force: the reader's own, or the model's, made when it is first needed. */
import type { OnnxVision } from '../../engine/vision'
import type { ReceivedFiles } from './files'
import type { Loaded } from './parts'

export class VisionSlot {
  #current: OnnxVision | null = null
  /** Transformers that were replaced, kept since a run may still ask them. */
  readonly #old: OnnxVision[] = []

  constructor(private readonly files: ReceivedFiles) {}

  /** Null where neither the model nor the reader has one. */
  async get({ backend, model }: Loaded): Promise<OnnxVision | null> {
    if (!this.#current && model.vision) {
      const { graph, weights } = model.vision
      this.#current = await backend.createVision({
        graph: this.files.get(graph.file),
        weights: this.files.get(weights.file),
        image: model.image,
      })
    }
    return this.#current
  }

  /** Takes the reader's file; null goes back to the model's. Where it rejects (VisionError), the one before stays. */
  async replace({ backend, model }: Loaded, graph: Uint8Array | null): Promise<void> {
    const next = graph && (await backend.createVision({ graph, weights: null, image: model.image }))
    if (this.#current) this.#old.push(this.#current)
    this.#current = next
  }

  /** Frees the replaced ones; to be called when no run can ask them any more. */
  async releaseOld(): Promise<void> {
    await Promise.allSettled(this.#old.splice(0).map((net) => net.release()))
  }
}
