/** What a way to compare two pictures is: the contract of the files in `ways/`. A way moves the cut between the two. */
import type { ComponentType } from 'react'
import type { Pair } from './pairs'

export interface WayProps {
  readonly pair: Pair
}

export interface Way {
  readonly id: string
  /** What its button says. */
  readonly label: string
  /** Place among the buttons, ascending. */
  readonly place: number
  /** The cut that it begins with. */
  readonly rest: number
  /** What lies over the pictures and takes pointers and keys; null where nothing does. It has the part `compare-surface`. */
  readonly Surface: ComponentType<WayProps> | null
  /** How it is done, in a sentence, and its buttons. */
  readonly Help: ComponentType<WayProps>
}
