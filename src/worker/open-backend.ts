/** Opens backends in a worker. Each runtime is loaded only when used. */
import type { Backend, Open, OpenRequest, RuntimeId } from './backend'
import { backendById } from './backend-registry'
import { explained } from './cause'
import type { BackendId } from './protocol'

const RUNTIMES: Readonly<Record<RuntimeId, () => Promise<Open>>> = {
  webgpu: async () => (await import('./runtimes/webgpu')).openWebGpu,
  runner: async () => (await import('./runtimes/runner')).openRunner,
  wasm: async () => (await import('./runtimes/wasm')).openWasm,
}

export interface BackendRequest extends OpenRequest {
  readonly backend: BackendId
}

/** Rejects with EngineError, or with what loading the runtime rejects with. */
export async function openBackend({ backend, ...request }: BackendRequest): Promise<Backend> {
  const { id, runtime } = backendById(backend)
  const open = await explained([], RUNTIMES[runtime])
  return open(id, request)
}
