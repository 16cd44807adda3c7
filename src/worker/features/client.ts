/** The page's handle on the worker that computes a paper's metrics. */
import type { ImageSize } from '../../core/image'
import type { Blocked } from '../../evaluation/metrics'
import { type Good, numbered } from '../client/numbered'
import type { WorkerPort } from '../client/parts'
import { type Answer, type OpenedFeatures, type Order, parseAnswer } from './messages'

/** Every question rejects with a sentence. */
export interface FeaturesClient {
  /** `protocol`: its id; without a reference only `save` makes sense. Another network may be opened later. */
  open(network: File, protocol: string, reference: File | null): Promise<OpenedFeatures>
  /** Features of images of values −1 to 1. */
  see(images: readonly Float32Array[], size: ImageSize): Promise<readonly Float32Array[]>
  /** The protocol's distances of each set by their names; null where the reference holds too little for one. */
  measure(sets: readonly (readonly Float32Array[])[]): Promise<readonly Readonly<Record<string, Blocked | null>>[]>
  /** An .npz of reference statistics. */
  save(features: readonly Float32Array[]): Promise<Uint8Array<ArrayBuffer>>
  dispose(): void
}

export function createFeaturesClientFrom(worker: WorkerPort): FeaturesClient {
  const { ask, end } = numbered<Order, Good<Answer>>({
    worker,
    parse: parseAnswer,
    stopped: (why) =>
      `The worker of the feature network stopped: ${why || 'its script did not come, or memory ran out'}. Open the network again.`,
  })
  const wrong = () => new Error('The worker of the feature network answered something else. Reload the page.')
  return {
    open: async (network, protocol, reference) => {
      const answer = await ask((id) => ({ kind: 'open', id, network, protocol, reference }))
      if (answer.kind !== 'opened') throw wrong()
      return answer
    },
    see: async (images, size) => {
      const answer = await ask((id) => ({ kind: 'see', id, images, size }))
      if (answer.kind !== 'seen') throw wrong()
      return answer.features
    },
    measure: async (sets) => {
      const answer = await ask((id) => ({ kind: 'measure', id, sets }))
      if (answer.kind !== 'measured') throw wrong()
      return answer.sets
    },
    save: async (features) => {
      const answer = await ask((id) => ({ kind: 'save', id, features }))
      if (answer.kind !== 'saved') throw wrong()
      return answer.bytes
    },
    dispose: () => end('The room was closed.'),
  }
}

/** The client of this page. */
export const browserFeatures = (): FeaturesClient =>
  createFeaturesClientFrom(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'features' }))
