/** Two of the three pictures exactly one over the other, the upper one cut: left of the cut the first is seen. */
import type { CSSProperties, ReactNode } from 'react'
import { usePage } from '../app/store'
import type { Role } from '../run/run'
import { Picture } from '../stage/Picture'
import { useSamplePixels } from '../stage/sample-pixels'
import { columnsFor, useSamplesSeen } from '../stage/visible'
import type { Pair } from './pairs'

function Sample({ role, index }: { readonly role: Role; readonly index: number }) {
  const size = usePage((state) => state.model.image)
  const pixel = usePage((state) => state.stage.pixel)
  const { pixels, overlay } = useSamplePixels(role, index)
  return <Picture pixels={pixels} overlay={overlay} size={size} pixel={pixel} />
}

interface LayerProps {
  readonly role: Role
  readonly className?: string
  readonly style?: CSSProperties
}

function Layer({ role, className = '', style }: LayerProps) {
  const seen = useSamplesSeen()
  return (
    <div
      data-part={`laid-${role}`}
      className={`grid gap-0.5 bg-bg ${className}`}
      style={{ gridTemplateColumns: `repeat(${columnsFor(seen.length)}, minmax(0, 1fr))`, ...style }}
    >
      {seen.map((index) => (
        <Sample key={index} role={role} index={index} />
      ))}
    </div>
  )
}

/** `children` lie over both. */
export function Laid({ pair, children }: { readonly pair: Pair; readonly children: ReactNode }) {
  const cut = usePage((state) => state.compare.cut)
  return (
    <div className="relative" data-part="laid">
      {/* No round corners: at their edge the lower picture would shine through. */}
      <div className="relative overflow-hidden">
        <Layer role={pair.first} />
        <Layer role={pair.second} className="absolute inset-0" style={{ clipPath: `inset(0 0 0 ${100 * cut}%)` }} />
      </div>
      {children}
    </div>
  )
}
