/** What sees the images of an evaluation and compares them with real ones: the judge of a family, or a feature network that the person brings. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ImageSize } from '../../core/image'
import type { Judgement } from '../../evaluation/judge'
import { FeatureNetwork } from '../../evaluation/features/network'
import type { Reference } from '../../evaluation/features/reference'
import { estimateFrom, metricsOf, type Estimate, type Judged, type Metrics } from '../../evaluation/metrics'
import type { ModelInfo } from '../../model/types'
import { readModel } from '../models'
import type { FeatureArguments } from './feature-arguments'
import { distancesOf, knownReference, readBytes } from './features'
import { judgeOf, loadJudge, realStatistics, sha256 } from './judge'

/** Numbers by name, in the order in which they are told. */
export type Numbers = Readonly<Record<string, Estimate>>

export interface Seer {
  judge(images: readonly Float32Array[], size: ImageSize): Promise<Judgement[]>
  dispose(): Promise<void>
}

export interface Observer {
  /** Tells one from another in the records of images: of the same images another one may see other things. */
  readonly digest: string
  /** Tells from others what the numbers compare images with. */
  readonly against: string
  /** The family whose judge it is; null of a feature network. */
  readonly family: string | null
  /** What its Fréchet distance is called. */
  readonly metric: string
  /** Whether it can tell the classes of a model. */
  knows(model: ModelInfo): boolean
  load(threads: number): Promise<Seer>
  /** Throws UsageError where the reference can't be used. */
  numbers(judged: readonly Judged[]): Numbers
  /** As if so many images had been seen, as spread out as pictures are: to find out what the numbers take. */
  standIns(count: number): readonly Judged[]
}

const named = ({ frechet, agreement, precision, recall, clarity, shift }: Metrics): Numbers => ({
  frechet,
  ...(agreement && { agreement }),
  precision,
  recall,
  ...(clarity && { clarity }),
  ...(shift && { shift }),
})

/** Whether a judge of the other family's images knows the classes of this model. */
export const sameClasses = (model: ModelInfo, judged: ModelInfo): boolean => {
  const [own, others] = [model, judged].map(({ conditioning }) =>
    conditioning.classes.map(({ name }) => name).join('\n'),
  )
  return own === others
}

/** Between two real images each, which repeat where there are fewer. */
function between(features: Float32Array, width: number, count: number): readonly Judged[] {
  const stored = features.length / width
  return Array.from({ length: count }, (_, index): Judged => {
    const [a, b] = [index % stored, (index * 7 + 1) % stored]
    const mixed = (__: unknown, k: number) => (features[a * width + k]! + features[b * width + k]!) / 2
    return { index, asked: null, seen: 0, features: Float32Array.from({ length: width }, mixed) }
  })
}

function familyJudge(family: string): Observer {
  const folder = judgeOf(family)
  const { weights, statistics, heads, width } = folder.info
  return {
    digest: weights.sha256,
    against: [statistics, heads].flatMap((file) => (file ? [file.sha256] : [])).join(' '),
    family,
    metric: folder.metric,
    knows: (model) => sameClasses(model, readModel(family)),
    load: (threads) => loadJudge(folder, threads),
    numbers: (judged) => named(metricsOf(judged, realStatistics(folder))),
    standIns: (count) => between(realStatistics(folder).features, width, count),
  }
}

function featureNetwork(features: FeatureArguments): Observer {
  const { network, protocol, reference } = features
  const graph = () => readBytes(network, 'feature network')
  // Read once, for all points of a sweep: what its distances know of it takes seconds to find.
  let read: Reference | null = null
  const known = () => (read ??= knownReference(features))
  return {
    digest: `${protocol.id} ${sha256(graph())}`,
    against: reference === null ? '' : sha256(readBytes(reference, 'reference')),
    family: null,
    metric: protocol.frechet,
    // It says nothing of classes.
    knows: () => false,
    async load(threads) {
      const loaded = await FeatureNetwork.load({
        protocol,
        graph: graph(),
        runtime: { InferenceSession, Tensor },
        sessionOptions: { executionProviders: ['cpu'], intraOpNumThreads: threads },
      })
      return {
        judge: async (images, size) => (await loaded.features(images, size)).map((of) => ({ features: of, seen: -1 })),
        dispose: () => loaded.dispose(),
      }
    },
    numbers: (judged) =>
      Object.fromEntries(
        Object.entries(distancesOf(features, known(), judged)).flatMap(([name, found]) =>
          found ? [[name, estimateFrom(found)]] : [],
        ),
      ),
    standIns(count) {
      const { features: real, width, moments } = known()
      if (real) return between(real, width, count)
      // Each value by its own mean and deviation, at angles that never repeat.
      const row = (index: number) =>
        Float32Array.from({ length: width }, (_, k) => {
          const deviation = Math.sqrt(moments?.covariance[k * width + k] ?? 1)
          return (moments?.mean[k] ?? 0) + deviation * Math.SQRT2 * Math.sin((index + 1) * (k + 1) * 2.399963)
        })
      return Array.from({ length: count }, (_, index): Judged => ({
        index,
        asked: null,
        seen: -1,
        features: row(index),
      }))
    },
  }
}

/** Throws UsageError for a family that has no judge, and for files that are not there. */
export const observerOf = (features: FeatureArguments | null, family: string): Observer =>
  features ? featureNetwork(features) : familyJudge(family)
