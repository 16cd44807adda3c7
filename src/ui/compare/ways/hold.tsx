/** The second picture, and the first in its place as long as the picture is pressed or a key is held. */
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect } from 'react'
import { usePage, useSession } from '../../app/store'
import { Hint } from '../../kit/Hint'
import { Key } from '../../kit/Key'
import { useRoomSeen } from '../../rooms/shown'
import { Keys, Name } from '../parts'
import type { Way, WayProps } from '../way'

const KEY = 'x'
const REST = 0
const TYPED_INTO = 'input:not([type="range"]), textarea, select, [contenteditable]'

/** Whether a key is meant for a field, or belongs to a command of the browser. */
function elsewhere({ target, ctrlKey, metaKey, altKey }: globalThis.KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || (target instanceof Element && target.closest(TYPED_INTO) !== null)
}

/** Holds while the key is down, wherever the focus is: a scale is dragged with one hand and compared with the other. */
function useHeldKey(hold: (held: boolean) => void) {
  const shown = useRoomSeen()
  useEffect(() => {
    // A key that is lifted after the comparison or its room was left is not heard. A cleanup would run after the next way's cut.
    hold(false)
    if (!shown) return undefined
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() === KEY && !event.repeat && !elsewhere(event)) hold(true)
    }
    const onKeyUp = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() === KEY) hold(false)
    }
    // Of a key that is lifted over another window nothing is heard.
    const onBlur = () => hold(false)
    window.addEventListener('keydown', onKeyDown)
    window.addEventListener('keyup', onKeyUp)
    window.addEventListener('blur', onBlur)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
      window.removeEventListener('keyup', onKeyUp)
      window.removeEventListener('blur', onBlur)
    }
  }, [hold, shown])
}

const presses = ({ key }: KeyboardEvent) => key === ' ' || key === 'Enter'

function Surface({ pair }: WayProps) {
  const session = useSession()
  const held = usePage((state) => state.compare.cut !== REST)
  const hold = useCallback((down: boolean) => session.set({ compare: { cut: down ? 1 : REST } }), [session])
  useHeldKey(hold)
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    hold(true)
  }
  const release = () => hold(false)
  return (
    <button
      type="button"
      data-part="compare-surface"
      aria-label={`Show the ${pair.first} while this is held`}
      aria-pressed={held}
      className="absolute inset-0 w-full touch-pan-y rounded-[3px] select-none [-webkit-touch-callout:none]"
      onPointerDown={press}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!presses(event)) return
        event.preventDefault()
        hold(true)
      }}
      onKeyUp={(event) => presses(event) && release()}
      onBlur={release}
    />
  )
}

function Help({ pair }: WayProps) {
  return (
    <Hint>
      Press and hold the picture
      <Keys>
        , or hold <Key>X</Key>,
      </Keys>{' '}
      to see the <Name role={pair.first} /> in the place of the <Name role={pair.second} />.
    </Hint>
  )
}

export const hold: Way = { id: 'hold', label: 'Hold', place: 2, rest: REST, Surface, Help }
