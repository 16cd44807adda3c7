/** What the room can be told to do with a model, and what it is given for that. */
import type { StoreApi } from 'zustand/vanilla'
import type { OpenedModels, Place } from '../../../storage/opened-models'
import type { Opener } from '../../../worker/opener/client'
import type { BroughtFile } from '../../../worker/opener/files'
import type { Form } from './form'
import type { Role } from './roles'
import type { OpenState } from './state'

export interface Opening {
  readonly store: Pick<StoreApi<OpenState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** Files that came: of a new network, or what the one here lacks. */
  bring(files: readonly BroughtFile[]): void
  chooseGraph(path: string): void
  /** What another graph beside the network is for. */
  assign(path: string, role: Role): void
  /** Reads a graph that waits for a word, since it is large. */
  lookAnyway(): void
  change(form: Form): void
  attempt(): void
  /** Takes the model as it came, and then finds and proves its layers. */
  open(): void
  /** The first of both alone. */
  openOutside(): void
  /** Tries PAG at each layer of the opened model. */
  map(): void
  /** Ends what is under way; what stands stays. */
  stop(): void
  /** Leaves the files, for others. */
  clear(): void
  /** Keeps the opened model, and says where; null where there is none. */
  keep(): Promise<Kept | null>
  forget(id: string): void
  /** Brings a worse network beside a kept model. `graph`: its path among the files, where it is known. */
  addSecond(id: string, files: readonly BroughtFile[], graph?: string): Promise<void>
  dropSecond(id: string, second: string): void
  dispose(): void
}

export interface Kept {
  readonly id: string
  readonly place: Place
  /** Where it is was said before. */
  readonly told: boolean
}

export interface OpeningParts {
  readonly opener: Opener
  readonly models: OpenedModels
  /** Tells the page of what is kept, or no longer. */
  readonly changed: () => Promise<unknown>
  /** Names of files that the model lacks. */
  readonly want: (names: readonly string[]) => void
}
