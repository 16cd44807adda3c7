/** What a button that opens something is given; both the plain button and what is loaded for it read this. */
import type { ReactNode } from 'react'

export interface ButtonLook {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly className: string
  /** What is read aloud, where it is more than what is seen. */
  readonly label?: string
  /** What is seen. */
  readonly face: ReactNode
}

export interface MenuItem {
  readonly part?: string
  readonly label: ReactNode
  readonly onChoose: () => void
  readonly disabled?: boolean
  /** It stays open, so that one can choose again. */
  readonly stays?: boolean
  readonly className?: string
}

export interface MenuProps extends ButtonLook {
  /** Asked for while it is open. */
  readonly items: () => readonly MenuItem[]
  /** A heading above the items. */
  readonly title?: string
  readonly popupClassName: string
}

export interface PopoverProps extends ButtonLook {
  readonly title: string
  readonly children: ReactNode
}
