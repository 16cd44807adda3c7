/** Gives every buffer a place: those that live at the same time lie apart, the others share. */
import type { Call } from './emitter'
import type { Buffer } from './tensor'

/** Places are multiples of this many bytes. */
const ALIGNMENT = 64

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

export interface Layout {
  /** Bytes from the start of the arena. */
  readonly places: ReadonlyMap<Buffer, number>
  readonly bytes: number
}

interface Span {
  readonly buffer: Buffer
  readonly bytes: number
  first: number
  last: number
}

/**
 * Lays out the buffers of a list of calls for which `wanted` says so. `before` are there from the start, `after` stay to the end. Each, the largest first, takes
 * the lowest place that is free for as long as it lives.
 */
export function layOut(
  calls: readonly Call[],
  wanted: (buffer: Buffer) => boolean,
  { before, after }: { readonly before: readonly Buffer[]; readonly after: readonly Buffer[] },
): Layout {
  const spans = new Map<Buffer, Span>()
  const see = (buffer: Buffer, at: number) => {
    if (!wanted(buffer)) return
    const span = spans.get(buffer)
    if (span) span.last = at
    else spans.set(buffer, { buffer, bytes: aligned(Math.max(buffer.floats, 1) * 4), first: at, last: at })
  }
  for (const buffer of before) see(buffer, -1)
  for (const [at, { reads, writes }] of calls.entries()) for (const buffer of [...reads, ...writes]) see(buffer, at)
  for (const buffer of after) see(buffer, calls.length)
  const placed: { readonly span: Span; readonly place: number }[] = []
  let bytes = 0
  for (const span of [...spans.values()].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const beside = placed
      .filter(({ span: other }) => other.first <= span.last && span.first <= other.last)
      .sort((a, b) => a.place - b.place)
    let place = 0
    for (const other of beside) {
      if (other.place - place >= span.bytes) break
      place = Math.max(place, other.place + other.span.bytes)
    }
    placed.push({ span, place })
    bytes = Math.max(bytes, place + span.bytes)
  }
  return { places: new Map(placed.map(({ span, place }) => [span.buffer, place])), bytes }
}
