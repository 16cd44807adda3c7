/** Two of the pictures exactly one over the other, the upper one cut: left of the cut the first is seen. */
import type { ReactNode } from 'react'
import { usePage } from '../app/store'
import type { Ahead } from '../run/ahead'
import type { Pictured, Run } from '../run/run'
import { Picture } from '../stage/Picture'
import { useSamplePixels } from '../stage/sample-pixels'
import { Veil } from '../stage/Veil'
import { columnsFor, useSamplesSeen } from '../stage/visible'
import type { Pair } from './pairs'

function Sample({ role, index }: { readonly role: Pictured; readonly index: number }) {
  const size = usePage((state) => state.model.image)
  const pixel = usePage((state) => state.stage.pixel)
  const { pixels, drawn, overlay } = useSamplePixels(role, index)
  return <Picture pixels={pixels} overlay={overlay} size={size} drawn={drawn} pixel={pixel} />
}

interface LayerProps {
  /** The run of its pictures, where the controls are ahead of it. */
  readonly behind: Run | undefined
  readonly side: 'left' | 'right'
  readonly role: Pictured
}

function Layer({ role, behind, side }: LayerProps) {
  const seen = useSamplesSeen()
  return (
    <div
      data-part={`laid-${role}`}
      className={`${side === 'left' ? 'relative' : 'absolute inset-0'} grid gap-0.5 bg-bg`}
      style={{ gridTemplateColumns: `repeat(${columnsFor(seen.length)}, minmax(0, 1fr))` }}
    >
      {seen.map((index) => (
        <Sample key={index} role={role} index={index} />
      ))}
      {behind && role !== 'pinned' && <Veil role={role} run={behind} side={side} />}
    </div>
  )
}

/** Reads the cut itself: a move of it renders none of the pictures again. */
function Cut({ children }: { readonly children: ReactNode }) {
  const cut = usePage((state) => state.compare.cut)
  return (
    <div className="absolute inset-0" style={{ clipPath: `inset(0 0 0 ${100 * cut}%)` }}>
      {children}
    </div>
  )
}

/** `children` lie over both. */
export function Laid({
  pair,
  ahead,
  children,
}: {
  readonly pair: Pair
  readonly ahead: Ahead
  readonly children: ReactNode
}) {
  // What is pinned is never behind the controls: it is what it was.
  const behind = (role: Pictured) => (role === 'pinned' ? undefined : ahead.behind.get(role))
  return (
    <div className="relative" data-part="laid">
      {/* No round corners: at their edge the lower picture would shine through. */}
      <div className="relative overflow-hidden">
        <Layer role={pair.first} behind={behind(pair.first)} side="left" />
        <Cut>
          <Layer role={pair.second} behind={behind(pair.second)} side="right" />
        </Cut>
      </div>
      {children}
    </div>
  )
}
