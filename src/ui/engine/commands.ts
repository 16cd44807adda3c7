/** Where the engine runs, and starting it again. */
import type { BackendChoice, Engine } from '../../worker/protocol'
import type { PageStore } from '../app/state'
import type { Runs } from '../run/runs'
import { LOADING } from './slice'

export interface EngineCommands {
  chooseBackend(choice: BackendChoice): void
  /** Loads the engine again on the chosen backend. */
  restart(): void
  /** Draws images in the background, beside the pictures of the page. */
  readonly draw: Engine['draw']
}

interface Parts {
  readonly store: PageStore
  readonly engine: Engine
  readonly runs: Runs
}

export function createEngineCommands({ store, engine, runs }: Parts): EngineCommands {
  const restart = () => {
    runs.drop()
    store.patch({ engine: { status: LOADING } })
    const { model, engine: state } = store.getState()
    engine.start(model.id, state.choice)
  }
  return {
    chooseBackend: (choice) => {
      store.patch({ engine: { choice, rejected: [] } })
      restart()
    },
    restart,
    draw: engine.draw.bind(engine),
  }
}
