/** Fetches what was measured of the model's methods, once somebody looks at a method. */
import type { ModelInfo } from '../../model/types'
import type { Published } from '../../evaluation/published'
import type { PageStore } from '../app/state'

export interface MethodCommands {
  loadPublished(): Promise<void>
}

interface Parts {
  readonly store: PageStore
  readonly publishedOf: (model: ModelInfo) => Promise<readonly Published[]>
}

export function createMethodCommands({ store, publishedOf }: Parts): MethodCommands {
  let loading: Promise<void> | null = null
  return {
    loadPublished: () =>
      (loading ??= publishedOf(store.getState().model).then((published) => store.patch({ method: { published } }))),
  }
}
