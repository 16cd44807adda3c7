/** The picture on which the token that looks is picked: by pointer, or by arrow keys. */
import { type KeyboardEvent, type PointerEvent, useMemo } from 'react'
import type { AttentionLayer } from '../../network/types'
import { usePage, useSession } from '../app/store'
import { useRecord } from '../run/use-record'
import { toPixels } from '../stage/pixels'
import { Picture } from '../stage/Picture'
import { movedToken, tokenAt } from './attention'

interface TokenPickerProps {
  readonly layer: AttentionLayer
  readonly token: number
}

export function TokenPicker({ layer, token }: TokenPickerProps) {
  const session = useSession()
  const { image: size } = usePage((state) => state.model)
  const focus = usePage((state) => state.stage.focus)
  const image = useRecord()?.samples[focus]?.predictionPositive
  const picture = useMemo(() => (image ? toPixels(image, size) : null), [image, size])
  const { height, width } = layer
  const [x, y] = [token % width, Math.floor(token / width)]
  const pick = (next: number) => session.set({ network: { token: next } })
  const onKeyDown = (event: KeyboardEvent) => {
    const next = movedToken(token, event.key, layer)
    if (next === null) return
    event.preventDefault()
    event.stopPropagation()
    pick(next)
  }
  const onPointerMove = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    pick(tokenAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, layer))
  }
  return (
    <figure className="min-w-0 flex-1">
      <div
        role="application"
        data-part="token"
        tabIndex={0}
        aria-label={`Token that looks: column ${x + 1}, row ${y + 1} of ${width} by ${height}. Arrow keys move it.`}
        className="relative cursor-crosshair overflow-hidden rounded-[2px]"
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
      >
        <Picture pixels={picture} size={size} />
        <span
          className="pointer-events-none absolute outline-1 outline-white ring-2 ring-black"
          style={{
            left: `${(100 * x) / width}%`,
            top: `${(100 * y) / height}%`,
            width: `${100 / width}%`,
            height: `${100 / height}%`,
          }}
        />
      </div>
      <figcaption className="mt-1 text-hint text-muted">where this token looks</figcaption>
    </figure>
  )
}
