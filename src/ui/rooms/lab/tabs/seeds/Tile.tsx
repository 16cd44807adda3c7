/** One sample of a wall: its picture, or the unguided one beside it, and its number in the order. It leads to itself, live. */
import { Raster } from '../../../../stage/Raster'
import type { Order } from './orders'
import type { Sample } from './wall'

export type Seen = 'guided' | 'both'
export const SEEN: readonly { value: Seen; label: string }[] = [
  { value: 'guided', label: 'Guided' },
  { value: 'both', label: 'Unguided and guided' },
]

export function Tile({
  sample,
  order,
  seen,
  href,
}: {
  readonly sample: Sample
  readonly order: Order
  readonly seen: Seen
  readonly href: string
}) {
  const { seed, guided, unguided, settings } = sample
  const value = order.value(sample)
  const text = order.id === 'seed' || value === null ? '' : order.text(value)
  const pictures = seen === 'both' ? [unguided, guided] : [guided]
  return (
    <li className="min-w-0">
      {guided && unguided ? (
        <a
          href={href}
          aria-label={`Seed ${seed}${text === '' ? '' : `, ${order.label.toLowerCase()} ${text}`}: study it with the pictures`}
          className={`grid gap-px overflow-hidden rounded-[3px] hover:outline-2 hover:outline-edge ${seen === 'both' ? 'grid-cols-2' : ''}`}
        >
          {pictures.map((picture, i) => picture && <Raster key={i} image={picture.image} size={picture} />)}
        </a>
      ) : (
        <div className={`rounded-[3px] bg-sunken ${seen === 'both' ? 'aspect-2/1' : 'aspect-square'}`}>
          <span className="sr-only">{`Seed ${settings.seed}: not drawn yet`}</span>
        </div>
      )}
      <p className="num mt-0.5 flex justify-between gap-1 text-tiny text-muted" aria-hidden translate="no">
        <span>{seed}</span>
        <span className="text-ink">{text}</span>
      </p>
    </li>
  )
}
