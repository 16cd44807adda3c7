/** Times bare evaluations of one backend's denoiser: no sampler, no engine. */
import { parseManifest } from '../../model/manifest'
import type { DenoiserRow } from '../../model/types'
import { parseModel } from '../../network/onnx'
import { readWeights } from '../../network/weights'
import { openBackend } from '../../worker/open-backend'
import type { BackendId } from '../../worker/protocol'

export interface BareOrder {
  readonly base: string
  readonly backend: BackendId
  readonly threads: number
  /** Batches to time, each a number of rows; one pass over all of them comes before, untimed. */
  readonly batches: readonly number[]
  readonly passes: number
}

/** Milliseconds of each pass over all batches. */
export type BareTimes = readonly number[]

async function measure({ base, backend: id, threads, batches, passes }: BareOrder): Promise<BareTimes> {
  const backend = await openBackend({ backend: id, threads, acceptSoftware: true })
  const model = parseManifest(await (await fetch(`${base}manifest.json`)).json())
  const file = async (name: string) => new Uint8Array(await (await fetch(base + name)).arrayBuffer())
  const [graph, bytes] = [await file(model.graph.file), await file(model.weights.file)]
  const weights = readWeights(parseModel(graph), bytes)
  const denoiser = backend.createDenoiser({
    model,
    graph,
    weights,
    heads: model.layers.map(({ heads }) => heads),
    onRun: () => undefined,
  })
  const { channels, height, width } = model.image
  const classWeights = new Float32Array(model.conditioning.classes.length)
  classWeights[0] = 1
  // As in a run of the default preset: every second row perturbs all layers.
  const rows = (count: number): DenoiserRow[] =>
    Array.from({ length: count }, (_, i) => ({
      x: new Float32Array(channels * height * width).fill(0.1),
      sigma: 1,
      classWeights,
      attention: i % 2 === 0 ? null : model.layers.map(() => ({ mix: 1 })),
    }))
  const times: number[] = []
  for (let pass = 0; pass <= passes; pass++) {
    const begun = performance.now()
    for (const count of batches) await denoiser.evaluate(rows(count))
    if (pass > 0) times.push(performance.now() - begun)
  }
  return times
}

self.addEventListener('message', ({ data }: MessageEvent<BareOrder>) => {
  measure(data).then(
    (times) => self.postMessage(times),
    (error: unknown) => self.postMessage(error instanceof Error ? error.message : String(error)),
  )
})
