/**
 * Buttons that open something under them. What draws it is loaded when a person comes near: the first view goes without.
 * Until the first click the button is a plain one that looks the same.
 */
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useState } from 'react'

export interface ButtonLook {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly className: string
  /** What is read aloud, where it is more than what is seen. */
  readonly label?: string
  /** What is seen. */
  readonly face: ReactNode
}

/** Whether it was asked to open, and what the plain button needs to ask. */
export function useWanted(load: () => Promise<unknown>) {
  const [wanted, setWanted] = useState(false)
  const near = () => void load()
  return {
    wanted,
    ask: {
      onPointerEnter: near,
      onFocus: near,
      onClick: () => setWanted(true),
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
        event.preventDefault()
        setWanted(true)
      },
    },
  }
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

const loadMenu = () => import('./Menu')
const Menu = lazy(loadMenu)

export function MenuButton(props: MenuProps) {
  const { part, className, label, face } = props
  const { wanted, ask } = useWanted(loadMenu)
  const plain = (
    <button
      type="button"
      data-part={part}
      className={className}
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={false}
      {...ask}
    >
      {face}
    </button>
  )
  return wanted ? (
    <Suspense fallback={plain}>
      <Menu {...props} />
    </Suspense>
  ) : (
    plain
  )
}

export interface PopoverProps extends ButtonLook {
  readonly title: string
  readonly children: ReactNode
}

const loadPopover = () => import('./Popover')
const Popover = lazy(loadPopover)

export function PopoverButton(props: PopoverProps) {
  const { part, className, label, face } = props
  const { wanted, ask } = useWanted(loadPopover)
  const plain = (
    <button
      type="button"
      data-part={part}
      className={className}
      aria-label={label}
      aria-haspopup="dialog"
      aria-expanded={false}
      {...ask}
    >
      {face}
    </button>
  )
  return wanted ? (
    <Suspense fallback={plain}>
      <Popover {...props} />
    </Suspense>
  ) : (
    plain
  )
}
