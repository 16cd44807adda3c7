/** Starts the engine's worker, and learns more of a failure than the worker can tell: of its own script, of policies, of the host. */
import { newVersion, noNetwork, type EngineErrorCode, type EngineFailure } from '../../core/failure'
import { hostState } from '../../storage/site'
// oxlint-disable-next-line import/default -- Vite makes an address of it.
import script from '../worker.ts?worker&url'
import type { WorkerPort } from './parts'

/** A policy that kept the worker from starting, as the browser reports it. */
let forbidden: string | null = null
/** Whether a worker has ever said something: then its script came. */
let heard = false

export function spawnEngine(): WorkerPort {
  if (!listening) listen()
  const worker = new Worker(script, { type: 'module', name: 'engine' })
  worker.addEventListener('message', () => (heard = true), { once: true })
  return worker
}

let listening = false
function listen(): void {
  listening = true
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, disposition }) => {
    if (disposition === 'enforce' && /^(?:worker|child|script)-src/.test(effectiveDirective))
      forbidden = effectiveDirective
  })
}

/** Asked for only when something has failed: the host answers then, or nothing would be learnt of it. */
const causeOf = async (error: unknown, files: readonly string[]) => (await import('../cause')).causeOf(error, files)

/** Failures behind which a file may be that did not come. */
const OF_FILES: readonly EngineErrorCode[] = ['download-failed', 'integrity', 'worker-died']

/** A nearer cause of what failed, or null. */
export async function causeOnPage(failure: EngineFailure): Promise<EngineFailure | null> {
  if (!OF_FILES.includes(failure.code)) return null
  switch (await hostState()) {
    case 'other':
      return newVersion()
    case 'unreachable':
      return failure.code === 'worker-died' && heard ? null : noNetwork()
    case 'same':
      if (failure.code !== 'worker-died' || heard) return null
      if (forbidden !== null) return (await import('../cause')).workerForbidden(forbidden)
      return causeOf(null, [script])
  }
}
