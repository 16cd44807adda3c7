/** The menu behind a `MenuButton`; it is loaded because it was asked to open. */
import { Menu as Base } from '@base-ui/react/menu'
import type { MenuProps } from './dropdown-props'
import { popups } from './popups'

function Items({ items }: Pick<MenuProps, 'items'>) {
  return items().map((item, index) => (
    <Base.Item
      // Items never change places.
      key={index}
      data-part={item.part}
      className={`flex cursor-default items-baseline justify-between gap-3 px-3 py-1.5 text-label outline-none data-highlighted:bg-sunken data-disabled:text-muted ${item.className ?? ''}`}
      disabled={item.disabled ?? false}
      closeOnClick={!item.stays}
      onClick={item.onChoose}
    >
      {item.label}
    </Base.Item>
  ))
}

export default function Menu({ part, className, label, face, items, title, popupClassName }: MenuProps) {
  const list = <Items items={items} />
  return (
    <Base.Root defaultOpen>
      <Base.Trigger data-part={part} className={className} aria-label={label}>
        {face}
      </Base.Trigger>
      <Base.Portal container={popups}>
        <Base.Positioner sideOffset={6} align="end" collisionPadding={12} className="z-50">
          <Base.Popup className={`popup py-1 ${popupClassName}`}>
            {title === undefined ? (
              list
            ) : (
              <Base.Group>
                <Base.GroupLabel className="px-3 pt-1.5 pb-1 text-hint text-muted">{title}</Base.GroupLabel>
                {list}
              </Base.Group>
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
