/** What several plots are made of: names of the differences, and a picture with its colour scale and words beside it. */
import type { ReactNode } from 'react'
import { methodById } from '../../guidance/index'
import type { Settings } from '../../settings/types'
import { usePage } from '../app/store'
import { Picture } from '../stage/Picture'

/** Names of the differences: of one Δ, of several Δ with the method of each. */
export function nameOf(settings: Settings, term: number): string {
  if (settings.stack.length === 0) return 'Δ'
  const id = term === 0 ? settings.method : settings.stack[term - 1]?.method
  return `Δ of ${methodById(id ?? '')?.name ?? id}`
}

export function Figure({
  pixels,
  scale,
  exact = false,
  children,
}: {
  readonly exact?: boolean
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  readonly scale?: string
  readonly children: ReactNode
}) {
  const size = usePage((state) => state.model.image)
  const pixel = usePage((state) => state.stage.pixel)
  return (
    <div className="flex items-start gap-3">
      <div className="w-24 shrink-0 sm:w-28">
        <Picture pixels={pixels} size={size} exact={exact} pixel={pixel} className="rounded-[2px]" />
        {scale && <div className="mt-1 h-1 rounded-full" style={{ background: scale }} aria-hidden />}
      </div>
      <div className="min-w-0 text-hint text-muted">{children}</div>
    </div>
  )
}
