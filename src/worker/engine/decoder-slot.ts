/** The decoder of a model of latents, built when a picture is first asked for. */
import type { DecoderOptions, LatentDecoder } from '../../engine/latent-decoder'
import type { ReceivedFiles } from './files'
import type { Loaded } from './parts'

export class DecoderSlot {
  #files: Pick<DecoderOptions, 'graph' | 'weights'> | null = null
  #made: Promise<LatentDecoder> | null = null

  /** Holds the decoder's files, which the page may let go after the start. */
  hold({ latent }: Loaded['model'], files: ReceivedFiles): void {
    if (!latent?.decoder) return
    const { graph, weights } = latent.decoder
    this.#files = {
      graph: files.get(graph.file),
      weights: Object.fromEntries(weights.map(({ file }) => [file, files.get(file)])),
    }
  }

  /** Rejects where the model has no decoder, or with what building it rejects with; then the next question tries again. */
  of({ model, backend }: Loaded): Promise<LatentDecoder> {
    return (this.#made ??= this.#make(model, backend).catch((error: unknown) => {
      this.#made = null
      throw error
    }))
  }

  async #make({ id, image, latent }: Loaded['model'], backend: Loaded['backend']): Promise<LatentDecoder> {
    if (!latent || !this.#files) throw new Error(`the model ${id} has no decoder`)
    return backend.createDecoder({ ...this.#files, latent, image })
  }
}
