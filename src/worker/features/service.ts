/** Answers orders about a feature network, one after another. Free of DOM: the worker's entry brings the runtime. */
import type { InferenceSession } from 'onnxruntime-web'
import { messageOf } from '../../core/failure'
import type { Runtime } from '../../engine/runtime'
import { featureMetrics, protocolById } from '../../evaluation/features'
import { FeatureNetwork } from '../../evaluation/features/network'
import type { Reference } from '../../evaluation/features/reference'
import { sha256Now } from '../../storage/sha256-now'
import type { Answer, OpenedFeatures, Order } from './messages'
import { readReference, referenceFile } from './reference-file'

/** A browser gives WebAssembly no more than 4 GiB, and a network takes its weights twice while it is opened. */
const MOST_BYTES = 1.5e9

export interface FeatureParts {
  readonly start: () => Promise<{
    readonly runtime: Runtime
    readonly sessionOptions: InferenceSession.SessionOptions
  }>
  readonly post: (answer: Answer) => void
}

export class FeatureService {
  #network: FeatureNetwork | null = null
  #reference: Reference | null = null
  #last: Promise<void> = Promise.resolve()

  constructor(private readonly parts: FeatureParts) {}

  /** Resolves when the order was answered. */
  handle(order: Order): Promise<void> {
    this.#last = this.#last.then(async () => {
      try {
        this.parts.post(await this.#answer(order))
      } catch (error) {
        this.parts.post({ kind: 'failed', id: order.id, message: messageOf(error) })
      }
    })
    return this.#last
  }

  async #answer(order: Order): Promise<Answer> {
    const { id } = order
    switch (order.kind) {
      case 'open':
        return { kind: 'opened', id, ...(await this.#open(order)) }
      case 'see':
        return { kind: 'seen', id, features: await this.#required().features(order.images, order.size) }
      case 'measure': {
        const { protocol } = this.#required()
        const reference = this.#reference
        if (!reference) throw new Error('There is no reference to measure against: choose a file, or make one.')
        return { kind: 'measured', id, sets: order.sets.map((set) => featureMetrics(set, reference, protocol)) }
      }
      case 'save':
        return { kind: 'saved', id, bytes: referenceFile(order.features) }
      default:
        return order satisfies never
    }
  }

  async #open({ network, protocol: name, reference }: Extract<Order, { kind: 'open' }>): Promise<OpenedFeatures> {
    const protocol = protocolById(name)
    if (!protocol) throw new Error(`There is no protocol ${name}.`)
    if (network.size > MOST_BYTES)
      throw new Error(
        `${network.name} has ${(network.size / 1e9).toFixed(1)} GB, and a browser opens 1.5 GB at most: use npm run evaluate.`,
      )
    // A reference that can't be read is said before a large network is opened.
    const known = reference && readReference(reference.name, new Uint8Array(await reference.arrayBuffer()))
    await this.#network?.dispose()
    this.#network = null
    this.#reference = known
    const graph = new Uint8Array(await network.arrayBuffer())
    const { runtime, sessionOptions } = await this.parts.start()
    this.#network = await FeatureNetwork.load({ protocol, graph, runtime, sessionOptions })
    return {
      digest: `${protocol.id} ${sha256Now(graph)}`,
      reference: known && { width: known.width, count: known.count, features: known.features !== null },
    }
  }

  #required(): FeatureNetwork {
    if (!this.#network) throw new Error('No feature network is open.')
    return this.#network
  }
}
