/** The panel behind a `PopoverButton`; it is loaded because it was asked to open. */
import { Popover as Base } from '@base-ui/react/popover'
import type { PopoverProps } from './dropdown-props'
import { popups } from './popups'

export default function Popover({ part, className, label, face, title, children }: PopoverProps) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger data-part={part} className={className} aria-label={label}>
        {face}
      </Base.Trigger>
      <Base.Portal container={popups}>
        <Base.Positioner sideOffset={6} align="end" className="z-50">
          <Base.Popup className="popup w-80 max-w-[calc(100vw-1.5rem)] p-4">
            <Base.Title className="font-medium">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
