/** A dialog over all of the page. */
import { type RefObject, useEffect, useRef } from 'react'
import { useRoomSeen } from '../rooms/shown'

/** Opens it as it appears, and closes it when its room is left, as by the browser's Back: unseen, it would hold every other room still. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  const seen = useRoomSeen()
  useEffect(() => {
    if (seen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [seen])
  return dialog
}
