/** Our own network runner on the processor; onnxruntime is loaded only for what it does not compute. */
import type { InferenceSession } from 'onnxruntime-web'
import { BrokenRuntimeError, failureOf } from '../../core/failure'
import { LatentDecoder } from '../../engine/latent-decoder'
import { OnnxDenoiser } from '../../engine/onnx-denoiser'
import type { Tensors } from '../../engine/runtime'
import { OnnxVision } from '../../engine/vision'
import { Judge } from '../../evaluation/judge'
import { Heap } from '../../runner/heap'
import { hasRelaxed, kernelModule } from '../../runner/kernels'
import { instance } from '../../runner/kernels/instance'
import { Pace } from '../../runner/pace'
import { heldOf } from '../../runner/session'
import { LanesUsed } from '../../runner/tune'
import type { Open } from '../backend'
import { Lanes } from '../lanes/lanes'
import { runnerRuntime } from './runner-session'

/** Rows of one program. More bring no speed, since the activations of many rows outgrow the caches. */
const MAX_ROWS = 8

/** The real runtime, with one thread: it computes what little is not computed here. */
async function startOther() {
  const { sessionOptions, startWasm } = await import('./start-wasm')
  return { runtime: await startWasm(1), sessionOptions }
}

export const openRunner: Open = async (id, { threads, most, lanes: beside }) => {
  const heap = new Heap(beside.length > 0)
  const module = kernelModule(heap.memory, hasRelaxed())
  const machine = { heap, kernels: instance(heap.memory, module) }
  const lanes = await Lanes.start(machine, beside, module)
  const workers = lanes.all.length
  const used = new LanesUsed(workers, Math.min(threads, workers))
  let other: ReturnType<typeof startOther> | null = null
  const runtime = runnerRuntime({ machine, lanes, other: () => (other ??= startOther()) })
  const runSession = async (session: InferenceSession, feeds: Tensors, lane?: number) => {
    try {
      return (await session.run(feeds, { extra: { lane } })) as Tensors
    } catch (error) {
      throw new BrokenRuntimeError(failureOf(error))
    }
  }
  // Each run has a lane to itself, so that none waits for another.
  const exclusive = <T>(task: () => Promise<T>) => task()
  const common = { runtime, runSession, exclusive }
  return {
    id,
    get label() {
      return `Processor · ${used.count === 1 ? '1 core' : `${used.count} cores`}`
    },
    get threads() {
      return used.count
    },
    ...(most !== undefined && workers > used.count && { tune: (run) => used.tune(run) }),
    held: ({ data }) => heldOf(heap, data),
    lost: null,
    createDenoiser: ({ onRun, ...request }) => {
      const pace = new Pace(workers)
      return new OnnxDenoiser({
        ...request,
        ...common,
        batch: { kind: 'dynamic' },
        maxRows: MAX_ROWS,
        share: (rows) => pace.share(rows, used.count),
        runSession: async (session, feeds, lane) => {
          onRun()
          const outputs = await runSession(session, feeds, lane)
          const { milliseconds } = lanes.all[lane]!
          const rows = Object.values(feeds)[0]?.dims[0] ?? 0
          if (milliseconds !== null && rows > 0) pace.note(lane, rows, milliseconds)
          return outputs
        },
      })
    },
    createVision: (request) => OnnxVision.create({ ...request, ...common }),
    createDecoder: (request) => LatentDecoder.create({ ...request, ...common }),
    createJudge: (files) => Judge.load({ ...files, ...common }),
  }
}
