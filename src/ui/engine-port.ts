/** Which engine and which models stand behind the page: the real ones, or in `--mode fake` an imitation for looking at and testing the page. */
import type { ModelInfo } from '../engine/types'
import type { Engine, EngineListener } from '../worker/protocol'

export interface EnginePort {
  readonly models: readonly ModelInfo[]
  readonly connect: (listener: EngineListener) => Engine
}

export async function openPort(): Promise<EnginePort> {
  if (import.meta.env.MODE === 'fake') {
    const { createFakeEngine, fakeModel } = await import('../../tests/browser/page/fake-engine')
    return { models: [fakeModel], connect: createFakeEngine }
  }
  const [{ createEngine }, { models }] = await Promise.all([import('../worker/client'), import('./models')])
  return { models, connect: createEngine }
}
