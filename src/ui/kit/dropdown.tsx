/**
 * Buttons that open something under them. What draws it is loaded when a person comes near: the first view goes without.
 * Until the first click the button is a plain one that looks the same.
 */
import { type KeyboardEvent, useState } from 'react'
import type { MenuProps, PopoverProps } from './dropdown-props'
import { Later } from './Later'

/** Whether it was asked to open, and what the plain button needs to ask. */
export function useWanted(load: () => Promise<unknown>) {
  const [wanted, setWanted] = useState(false)
  // Where it can't be had, the click says so.
  const near = () => void load().catch(() => undefined)
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

const loadMenu = () => import('./Menu')

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
  return wanted ? <Later load={loadMenu} props={props} fallback={plain} /> : plain
}

const loadPopover = () => import('./Popover')

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
  return wanted ? <Later load={loadPopover} props={props} fallback={plain} /> : plain
}
