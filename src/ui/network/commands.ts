/** The reader's own vision transformer, the maps of an attention layer, and pictures of latents. */
import type { Decoded } from '../../engine/latent-decoder'
import type { ModelFile, ModelInfo } from '../../model/types'
import type { Engine, MapRequest, MapResult } from '../../worker/protocol'
import type { PageStore } from '../app/state'
import type { Runs } from '../run/runs'

/** The part of a `File` that is read. */
export type VisionSource = Pick<File, 'name' | 'arrayBuffer'>

export interface NetworkCommands {
  attentionMap(request: MapRequest): Promise<MapResult>
  /** Pictures of latents, of a model with a decoder. Rejects with a sentence. */
  decode(latents: readonly Float32Array[]): Promise<readonly Decoded[]>
  /** Takes the reader's file as vision transformer, or null to go back to the model's own; what is wrong with it is said. */
  useVision(file: VisionSource | null): Promise<void>
}

interface Parts {
  readonly store: PageStore
  readonly engine: Engine
  readonly runs: Runs
}

/** The vision transformer that methods find in the model: its own, else the reader's, else none. */
function visionOf(model: ModelInfo, shipped: boolean, own: ModelFile | null): ModelInfo['vision'] {
  if (shipped) return model.vision
  return own && { graph: own, weights: own, height: model.image.height, width: model.image.width }
}

export function createNetworkCommands({ store, engine, runs }: Parts): NetworkCommands {
  return {
    attentionMap: (request) => engine.attentionMap(request),
    decode: (latents) => engine.decode(latents),
    useVision: async (file) => {
      const { model, network } = store.getState()
      try {
        const bytes = file && new Uint8Array(await file.arrayBuffer())
        await engine.useVision(bytes)
        const own = file && bytes && { file: file.name, bytes: bytes.length, sha256: '' }
        store.patch({
          network: { visionProblem: null, vision: file?.name ?? null },
          model: { ...model, vision: visionOf(model, network.shippedVision, own) },
        })
        // The same settings now give other images, so those that were kept are wrong.
        runs.forget()
        runs.rerun()
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        store.patch({ network: { visionProblem: `${file?.name ?? 'The vision transformer'}: ${why}` } })
      }
    },
  }
}
