/** Loads a model on a backend, and proves the backend on the model's golden output before anything is shown. */
import { EngineError, goldenMismatch } from '../../core/failure'
import { FamilyDenoiser } from '../../engine/family'
import { goldenError, parseGolden } from '../../engine/golden'
import type { Backend } from '../backend'
import type { Command } from '../messages'
import type { ReceivedFiles } from './files'
import type { Loaded, WorkerEngineParts } from './parts'

/** Largest relative error against PyTorch that a device may show: GPUs approximate exp and tanh more loosely than processors do. */
const DEVICE_TOLERANCE = 1e-3

/** Throws EngineError for an error that a device may not show. */
function held(error: number | null, { label }: Backend): void {
  if (error !== null && !(error <= DEVICE_TOLERANCE)) throw new EngineError(goldenMismatch(label, error))
}

/** Rejects with EngineError where the numbers are wrong, and with whatever goes wrong on the way. */
export async function loadModel(
  { model, files: started, networks }: Extract<Command, { kind: 'load' }>,
  backend: Backend,
  files: ReceivedFiles,
  { post, yieldToMessages }: WorkerEngineParts,
): Promise<Loaded & { readonly goldenError: number | null }> {
  let verifying = false
  const onRun = () => {
    post(verifying ? { kind: 'evaluating' } : { kind: 'phase', phase: 'verify' })
    verifying = true
  }
  files.add(started)
  const denoiser = new FamilyDenoiser({
    model,
    read: async ({ file }) => files.get(file),
    create: (request) => backend.createDenoiser({ ...request, onRun }),
    async prove(network, answers) {
      held(await goldenError(network, parseGolden(answers, network.model)), backend)
    },
    budget: networks,
    held: backend.held,
    ahead: backend.ahead?.(model, onRun) ?? undefined,
    onCombine: (network, done, total) => {
      post({ kind: 'combining', network, done, total })
      return yieldToMessages()
    },
  })
  const golden = model.golden && parseGolden(files.get(model.golden.file), model)
  // Nothing is known of a network without a golden output but that it runs.
  const checked = golden ? goldenError(denoiser, golden) : denoiser.prepare().then(() => null)
  const error = await (backend.lost ? Promise.race([checked, backend.lost]) : checked)
  held(error, backend)
  return { model, backend, denoiser, goldenError: error }
}
