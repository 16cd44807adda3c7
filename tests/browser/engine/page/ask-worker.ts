/** Evaluates rows with the denoiser of one backend, for comparison with PyTorch. */
import { parseManifest } from '../../../../src/model/manifest'
import { parseModel } from '../../../../src/network/onnx'
import { readWeights } from '../../../../src/network/weights'
import { openBackend } from '../../../../src/worker/open-backend'
import type { BackendId } from '../../../../src/worker/protocol'
import type { Answers, Question } from './lab'

interface Order {
  readonly base: string
  readonly backend: BackendId
  readonly threads: number
  readonly questions: readonly Question[]
  readonly invariance: boolean
}

async function answer({ base, backend: id, threads, questions, invariance }: Order): Promise<Answers> {
  const backend = await openBackend({ backend: id, threads, acceptSoftware: true, lanes: [] })
  const model = parseManifest(await (await fetch(`${base}manifest.json`)).json())
  const file = async (name: string) => new Uint8Array(await (await fetch(base + name)).arrayBuffer())
  const [graph, weights] = await Promise.all([file(model.graph.file), file(model.weights.file)])
  const denoiser = backend.createDenoiser({
    model,
    graph,
    weights: readWeights(parseModel(graph), weights),
    heads: model.layers.map(({ heads }) => heads),
    onRun: () => undefined,
  })
  const rows = questions.map(({ x, sigma, attention, class: label }) => {
    const classWeights = new Float32Array(model.conditioning.classes.length)
    classWeights[label] = 1
    return { x: Float32Array.from(x), sigma, classWeights, attention }
  })
  const denoised = await denoiser.evaluate(rows)
  return { denoised: denoised.map((row) => [...row]), invariant: invariance ? await denoiser.batchInvariant() : null }
}

self.addEventListener('message', ({ data }: MessageEvent<Order>) => {
  answer(data).then(
    (answers) => self.postMessage(answers),
    (error: unknown) => self.postMessage(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  )
})
