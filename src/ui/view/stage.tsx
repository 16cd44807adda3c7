/** What every presentation has: keys that are heard, their list, and the corner with both and the way out. */
import { useEffect } from 'react'
import { Close } from '../kit/Close'
import { useModal } from '../kit/use-modal'
import { useRoomSeen } from '../rooms/shown'
import { present } from './follow'
import { keyOf, PAGE_KEYS, type PresentKey, type Stage } from './stage-keys'

const OWN_KEYS =
  'input:not([type="range"], [type="radio"], [type="checkbox"]), textarea, select, dialog, [role="listbox"], [role="menu"]'

export const leave = () => void present(false)

/** Hears the keys while the presentation is seen. */
export function useStageKeys<Hand extends Stage>(keys: readonly PresentKey<Hand>[], hand: Hand) {
  const seen = useRoomSeen()
  useEffect(() => {
    if (!seen) return undefined
    const heard = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof Element && event.target.closest(OWN_KEYS)) return
      const key = keyOf(keys, event.key)
      if (!key) return
      event.preventDefault()
      key.act(hand)
    }
    window.addEventListener('keydown', heard)
    return () => window.removeEventListener('keydown', heard)
  }, [keys, seen, hand])
}

interface HelpProps {
  readonly keys: readonly { readonly label: string; readonly does: string }[]
  readonly onClose: () => void
}

/** The keys, over everything; Escape or a key closes it. */
export function StageHelp({ keys, onClose }: HelpProps) {
  const dialog = useModal()
  return (
    <dialog
      ref={dialog}
      data-part="present-help"
      aria-label="Keys"
      className="popup m-auto max-w-[min(44rem,90vw)] p-5 backdrop:bg-black/40"
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key === '?') dialog.current?.close()
      }}
    >
      <div className="mb-3 flex items-center justify-between gap-4">
        <h2 className="font-medium">Keys</h2>
        <Close part="present-help-close" what="the keys" onClick={() => dialog.current?.close()} />
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
        {[...keys, ...PAGE_KEYS].map(({ label, does }) => (
          <div key={label} className="contents">
            <dt className="font-medium whitespace-nowrap">{label}</dt>
            <dd className="text-muted">{does}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}

export function StageCorner({ onHelp }: { readonly onHelp: () => void }) {
  return (
    <div className="ml-auto flex gap-1">
      <button type="button" className="button quiet" data-part="present-keys" aria-label="Keys" onClick={onHelp}>
        ?
      </button>
      <button type="button" className="button quiet" data-part="present-leave" onClick={leave}>
        Leave
      </button>
    </div>
  )
}
