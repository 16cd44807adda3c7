/**
 * The chooser of a method: a button that says which one it is. The menu behind it is loaded when a person comes near, and
 * asks the methods what stands in their way only while it is open.
 */
import { useId } from 'react'
import { methodById } from '../../guidance/index'
import type { GuidanceMethod } from '../../guidance/types'
import { Chevron } from '../kit/Chevron'
import { Later } from '../kit/Later'
import { useOpening } from '../kit/dropdown'
import type { MethodSelectProps } from './select-props'

function Name({ method: { name, title } }: { readonly method: GuidanceMethod }) {
  return (
    <>
      <span className="font-medium">{name}</span>
      {title !== name && <span className="pl-2 text-muted">{title}</span>}
    </>
  )
}

const loadMenu = () => import('./MethodMenu')

export function MethodSelect({ part, label, at, value, placeholder, onChange }: MethodSelectProps) {
  const id = useId()
  const { wanted, ask } = useOpening(loadMenu)
  const chosen = value === null ? undefined : methodById(value)
  const labelledBy = `${id}-label ${id}-value`
  const className = chosen ? 'button h-9 w-full min-w-0 justify-between gap-2 text-left' : 'button'
  const face = (
    <>
      <span id={`${id}-value`} className="min-w-0 truncate">
        {chosen ? <Name method={chosen} /> : placeholder}
      </span>
      <Chevron className="text-muted" />
    </>
  )
  const plain = (
    <button
      type="button"
      role="combobox"
      data-part={part}
      aria-labelledby={labelledBy}
      aria-haspopup="listbox"
      aria-controls={`${id}-menu`}
      aria-expanded={false}
      className={className}
      {...ask}
    >
      {face}
    </button>
  )
  return (
    <>
      <span id={`${id}-label`} className="sr-only">
        {label}
      </span>
      {wanted ? (
        <Later load={loadMenu} props={{ part, at, value, onChange, labelledBy, className, face }} fallback={plain} />
      ) : (
        plain
      )}
    </>
  )
}
