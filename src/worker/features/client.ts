/** The page's handle on the worker that computes a paper's metrics. */
import type { ImageSize } from '../../core/image'
import { messageOf } from '../../core/failure'
import type { Blocked } from '../../evaluation/metrics'
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

interface Pending {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

type Body<T> = T extends unknown ? Omit<T, 'id'> : never

export function createFeaturesClientFrom(worker: WorkerPort): FeaturesClient {
  const pending = new Map<number, Pending>()
  let ids = 0
  const fail = (why: string) => {
    for (const { reject } of pending.values()) reject(new Error(why))
    pending.clear()
  }
  worker.addEventListener('message', (event) => {
    try {
      const answer = parseAnswer((event as MessageEvent).data)
      const asked = pending.get(answer.id)
      pending.delete(answer.id)
      if (answer.kind === 'failed') asked?.reject(new Error(answer.message))
      else asked?.resolve(answer)
    } catch (error) {
      fail(messageOf(error))
    }
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    const why = (event as Partial<ErrorEvent>).message || 'its script did not come, or memory ran out'
    fail(`The worker of the feature network stopped: ${why}. Open the network again.`)
  })
  const ask = (body: Body<Order>) =>
    new Promise<Answer>((resolve, reject) => {
      const id = ++ids
      pending.set(id, { resolve, reject })
      worker.postMessage({ ...body, id })
    })
  const wrong = () => new Error('The worker of the feature network answered something else. Reload the page.')
  return {
    open: async (network, protocol, reference) => {
      const answer = await ask({ kind: 'open', network, protocol, reference })
      if (answer.kind !== 'opened') throw wrong()
      return answer
    },
    see: async (images, size) => {
      const answer = await ask({ kind: 'see', images, size })
      if (answer.kind !== 'seen') throw wrong()
      return answer.features
    },
    measure: async (sets) => {
      const answer = await ask({ kind: 'measure', sets })
      if (answer.kind !== 'measured') throw wrong()
      return answer.sets
    },
    save: async (features) => {
      const answer = await ask({ kind: 'save', features })
      if (answer.kind !== 'saved') throw wrong()
      return answer.bytes
    },
    dispose: () => {
      worker.terminate()
      fail('The room was closed.')
    },
  }
}

/** The client of this page. */
export const browserFeatures = (): FeaturesClient =>
  createFeaturesClientFrom(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'features' }))
