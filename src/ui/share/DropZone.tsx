/** The whole page takes files: while one is held over it, a frame and a line say what will happen. */
import { useEffect, useState } from 'react'
import { useRoomSeen } from '../rooms/shown'
import { type Brought, listenForFiles } from './dropping'

interface DropZoneProps {
  readonly open: (brought: Brought) => void
}

export default function DropZone({ open }: DropZoneProps) {
  const seen = useRoomSeen()
  const [held, setHeld] = useState(false)
  useEffect(() => (seen ? listenForFiles(open, setHeld) : undefined), [open, seen])
  if (!held) return null
  return (
    <div
      data-part="drop-zone"
      className="pointer-events-none fixed inset-2 z-50 flex items-center justify-center rounded-md border-2 border-dashed border-positive bg-bg/80"
    >
      <p className="text-label font-medium">Drop to open the settings, the lesson or the model inside</p>
    </div>
  )
}
