/** ONNX Runtime's native WebGPU execution provider. */
import * as ort from 'onnxruntime-web/webgpu'
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'
import parts from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?parts'
import { LatentDecoder } from '../../engine/latent-decoder'
import { OnnxDenoiser } from '../../engine/onnx-denoiser'
import type { Tensors } from '../../engine/runtime'
import { serialQueue } from '../../engine/serial-queue'
import { OnnxVision } from '../../engine/vision'
import type { ModelInfo } from '../../model/types'
import { rewrites } from '../../network/rewrites/index.generated'
import { Judge } from '../../evaluation/judge'
import type { Open } from '../backend'
import { explained } from '../cause'
import { identityModel } from './identity'
import { BrokenRuntimeError, EngineError, failureOf } from '../../core/failure'
import { CourseKernels } from './gpu-course'
import { openGpu } from './gpu-device'
import { GpuSessions } from './gpu-sessions'
import { walkingDevice } from './gpu-walk'
import { withJoined } from './joined'

/**
 * Rows of every run: one shape means one set of weights, one captured graph and one compilation, and where dispatches
 * decide the time, as in networks this small, four rows cost a GPU little more than one.
 */
const ROWS = 4
/** The same in software, where each row takes its time: the fewest that are still evaluated together. */
const SOFTWARE_ROWS = 2
/** Sessions that are kept: the plain graph, those of the features that a step can mix, and one that gives a map. */
const SESSIONS = 6
/** How long a run that failed waits to hear that the device was lost, which explains more. */
const LOSS_MS = 500

/** Runs that end when the device is lost, and tell the loss apart from a fault. */
function guardedBy({ lost }: Pick<Awaited<ReturnType<typeof openGpu>>, 'lost'>) {
  return async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      // A run on a lost device may never end.
      return await Promise.race([run(), lost])
    } catch (error) {
      if (error instanceof EngineError) throw error
      const late = new Promise<never>((_, reject) =>
        setTimeout(() => reject(new BrokenRuntimeError(failureOf(error))), LOSS_MS),
      )
      return Promise.race([lost, late])
    }
  }
}

/** Once for all sessions. */
async function startRuntime(options: ort.InferenceSession.SessionOptions): Promise<void> {
  // No file has this name: its parts are joined.
  const wasm = new URL('webgpu.wasm', self.location.href).href
  ort.env.wasm.wasmPaths = { mjs, wasm }
  // Threads would only serve kernels that fall back to the processor, and there are none.
  ort.env.wasm.numThreads = 1
  // This session is never released: with a context's last session ORT drops its compiled pipelines.
  await explained([mjs, ...parts], () =>
    withJoined(wasm, parts, () => ort.InferenceSession.create(identityModel(), options)),
  )
}

export const openWebGpu: Open = async (id, { acceptSoftware }) => {
  const gpu = await openGpu(acceptSoftware)
  const executionProviders = [{ name: 'webgpu', device: gpu.device }]
  await startRuntime({ executionProviders })
  const sessions = new GpuSessions(ort, gpu)
  const kernels = new CourseKernels(gpu.device)
  const exclusive = serialQueue()
  const guarded = guardedBy(gpu)
  // A graph that somebody brought may have operators that only the processor knows, so it is not captured.
  const plainly = (session: ort.InferenceSession, feeds: Tensors) =>
    guarded(() => session.run(feeds) as Promise<Tensors>)
  const theirs = { runtime: ort, sessionOptions: { executionProviders }, exclusive }
  const ours = ({ golden }: ModelInfo) => ({
    runtime: {
      InferenceSession: {
        create: (bytes: Uint8Array, options?: ort.InferenceSession.SessionOptions) =>
          sessions.create(bytes, options, golden === null),
      } as typeof ort.InferenceSession,
      Tensor: ort.Tensor,
    },
    exclusive,
  })
  return {
    id,
    label: gpu.label,
    threads: 1,
    lost: gpu.lost,
    ahead: (model, onRun) =>
      model.brought ? null : walkingDevice(model, { kernels, sessions, exclusive, guarded, onRun }),
    createDenoiser({ onRun, ...request }) {
      const brought = request.model.brought !== null
      return new OnnxDenoiser({
        ...request,
        ...(brought ? theirs : ours(request.model)),
        rewrites,
        lean: true,
        told: { runtime: ort, sessionOptions: { executionProviders: ['wasm'] } },
        batch: brought ? { kind: 'dynamic' } : { kind: 'static', sessions: SESSIONS },
        maxRows: gpu.software ? SOFTWARE_ROWS : ROWS,
        runSession(session, feeds) {
          onRun()
          return brought ? plainly(session, feeds) : guarded(() => sessions.run(session, feeds))
        },
      })
    },
    createVision: (request) => OnnxVision.create({ ...request, ...theirs, runSession: plainly }),
    createDecoder: (request) => LatentDecoder.create({ ...request, ...theirs, runSession: plainly }),
    createJudge: (files) =>
      Judge.load({
        ...files,
        runtime: ort,
        sessionOptions: { executionProviders: ['wasm'] },
        runSession: plainly,
        exclusive,
      }),
  }
}
