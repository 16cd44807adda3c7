/**
 * Buttons that open something under them. What draws it is loaded when a person comes near: the first view goes without.
 * Until the first click the button is a plain one that looks the same.
 */
import { type ComponentType, type KeyboardEvent, useState } from 'react'
import type { ButtonLook, MenuProps, PopoverProps } from './dropdown-props'
import { Later } from './Later'

/** Whether it was asked to open, and what the plain button needs to ask. */
export function useOpening(load: () => Promise<unknown>) {
  const [wanted, setWanted] = useState(false)
  // A failure is not told here: the click asks again, and tells it.
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

interface DropdownProps<Props> {
  readonly load: () => Promise<{ readonly default: ComponentType<Props> }>
  readonly opens: 'menu' | 'dialog'
  readonly props: Props
}

export function Dropdown<Props extends ButtonLook>({ load, opens, props }: DropdownProps<Props>) {
  const { part, className, label, face } = props
  const { wanted, ask } = useOpening(load)
  const plain = (
    <button
      type="button"
      data-part={part}
      className={className}
      aria-label={label}
      aria-haspopup={opens}
      aria-expanded={false}
      {...ask}
    >
      {face}
    </button>
  )
  return wanted ? <Later load={load} props={props} fallback={plain} /> : plain
}

const loadMenu = () => import('./Menu')
const loadPopover = () => import('./Popover')

export function MenuButton(props: MenuProps) {
  return <Dropdown load={loadMenu} opens="menu" props={props} />
}

export function PopoverButton(props: PopoverProps) {
  return <Dropdown load={loadPopover} opens="dialog" props={props} />
}
