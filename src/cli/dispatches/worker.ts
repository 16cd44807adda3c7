/** Counts what one evaluation asks of a GPU, by what ORT names its kernels. */
import { parseGolden, relativeError } from '../../engine/golden'
import { parseManifest } from '../../model/manifest'
import type { DenoiserRow } from '../../model/types'
import { parseModel } from '../../network/onnx'
import type { AttentionControl } from '../../network/types'
import { readWeights } from '../../network/weights'
import { openBackend } from '../../worker/open-backend'
import { countGpu, type GpuCounts } from '../gpu-counter'

export interface Order {
  readonly model: string
  readonly base: string
  /** Of every second row, in every layer. */
  readonly control: AttentionControl | null
}

export interface Counted extends Omit<GpuCounts, 'dispatches' | 'shaders'> {
  /** Until the evaluation that is counted. */
  readonly before: { readonly dispatches: number; readonly shaders: number }
  /** Of the first golden case, against PyTorch. */
  readonly error: number | null
  /** Does the first row give the same bits in the graph that it needs alone? */
  readonly alone: boolean
}

async function count({ base, control }: Order): Promise<Counted> {
  const take = countGpu()
  const backend = await openBackend({ backend: 'webgpu', threads: 1, acceptSoftware: true })
  const model = parseManifest(await (await fetch(`${base}manifest.json`)).json())
  const file = async (name: string) => new Uint8Array(await (await fetch(base + name)).arrayBuffer())
  const graph = await file(model.graph.file)
  const denoiser = backend.createDenoiser({
    model,
    graph,
    weights: readWeights(parseModel(graph), await file(model.weights.file)),
    heads: model.layers.map(({ heads }) => heads),
    onRun: () => undefined,
  })
  const golden = model.golden ? parseGolden(await file(model.golden.file), model)[0]! : null
  const { channels, height, width } = model.image
  const classWeights = new Float32Array(model.conditioning.classes.length)
  classWeights[golden?.class ?? 0] = 1
  // As many as one run takes, in software too.
  const rows = (sigma: number): DenoiserRow[] =>
    [0, 1].map((i) => ({
      x: golden?.x ?? new Float32Array(channels * height * width).fill(0.1),
      sigma,
      classWeights,
      attention: i === 0 || control === null ? null : model.layers.map(() => control),
    }))
  const sigma = golden?.sigma ?? 1
  const [denoised] = await denoiser.evaluate(rows(sigma))
  const before = take()
  // A step further, as a sampler goes: what stayed the same is not uploaded again.
  await denoiser.evaluate(rows(sigma * 0.9))
  const { dispatches: _, shaders: __, ...counted } = take()
  const [single] = await denoiser.evaluate(rows(sigma).slice(0, 1))
  const alone = denoised!.every((value, i) => value === single![i])
  return { ...counted, before, error: golden && relativeError(denoised!, golden.denoised), alone }
}

self.addEventListener('message', ({ data }: MessageEvent<Order>) => {
  count(data).then(
    (counted) => self.postMessage(counted),
    (error: unknown) => self.postMessage(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  )
})
