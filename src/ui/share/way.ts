/** What a way to share is: the contract of the files in `ways/`, the pages of the dialog *Share*. */
import type { ComponentType } from 'react'
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

export interface WayProps {
  readonly shared: Shared
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
