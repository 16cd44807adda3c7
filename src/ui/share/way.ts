/** What a way to share is: the contract of the files in `ways/`, the pages of the dialog *Share*. */
import type { ComponentType, ReactNode } from 'react'
import type { View } from '../../settings/view'

/** What is shared: the settings of the controls, and how the page is shown where that is asked for. */
export interface Shared {
  /** The address of the page, without what stands behind its `#`. */
  readonly page: string
  /** What a link says of the settings, without `#`. */
  readonly hash: string
  /** What it says beside them; nothing of how the page is shown where that is not asked for. */
  readonly view: Partial<View>
  /** The settings in a line. */
  readonly words: string
}

export interface CardProps {
  readonly words: string
  /** What the view adds. */
  readonly view: readonly string[]
  /** The share of the way that is seen; 1 is the end. */
  readonly at: number
}

/** A picture of what is seen, as a file. */
export interface SharedPicture {
  /** What is asked beside a text that may have it: `With the three pictures`. */
  readonly label: string
  readonly file: string
  /** For those who do not see it. */
  readonly alt: string
  readonly seen: ReactNode
  readonly save: () => void
}

/** What is shared, and how the room shows it. */
export interface Sharing extends Shared {
  /** What a person meets at the other end of a link. */
  readonly Card: ComponentType<CardProps>
  /** Null where there is none yet. */
  readonly picture: SharedPicture | null
}

export interface WayProps {
  readonly shared: Sharing
}

export interface ShareWay {
  readonly id: string
  /** What its button says. */
  readonly label: string
  /** Place among the buttons, ascending. */
  readonly place: number
  /** Whether it is another thing with the view than without. */
  readonly takesView: boolean
  readonly Page: ComponentType<WayProps>
}
