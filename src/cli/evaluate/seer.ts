/** What sees the images of an evaluation: the judge of a family, or a feature network that the person brings. */
import { existsSync, readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ImageSize } from '../../core/image'
import type { Judgement } from '../../evaluation/judge'
import { FeatureNetwork } from '../../evaluation/features/network'
import type { EvaluateArguments } from './arguments'
import { judgeOf, loadJudge, sha256 } from './judge'
import { UsageError } from '../usage'

export interface Seer {
  /** Tells one from another, in the records of images. */
  readonly digest: string
  judge(images: readonly Float32Array[], size: ImageSize): Promise<Judgement[]>
  dispose(): Promise<void>
}

type Asked = Pick<EvaluateArguments, 'features' | 'model'>

function graphOf({ network }: NonNullable<EvaluateArguments['features']>): Uint8Array {
  if (!existsSync(network)) throw new UsageError(`there is no feature network ${network}`)
  return readFileSync(network)
}

/** Of the same images another one may see other things. */
export function digestOf({ features, model }: Asked): string {
  if (!features) return judgeOf(model).info.weights.sha256
  return `${features.protocol.id} ${sha256(graphOf(features))}`
}

export async function loadSeer(asked: Asked, threads: number): Promise<Seer> {
  const { features, model } = asked
  const digest = digestOf(asked)
  if (!features) {
    const judge = await loadJudge(judgeOf(model), threads)
    return { digest, judge: (images, size) => judge.judge(images, size), dispose: () => judge.dispose() }
  }
  const network = await FeatureNetwork.load({
    protocol: features.protocol,
    graph: graphOf(features),
    runtime: { InferenceSession, Tensor },
    sessionOptions: { executionProviders: ['cpu'], intraOpNumThreads: threads },
  })
  return {
    digest,
    judge: async (images, size) =>
      // It says nothing of classes.
      (await network.features(images, size)).map((of) => ({ features: of, seen: -1 })),
    dispose: () => network.dispose(),
  }
}
