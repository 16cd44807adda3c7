/** What changes along a figure and what does not: equal things are written once, and say at which values they are seen. */

export interface Variant<T> {
  readonly item: T
  /** Indices of the values at which it is seen. */
  readonly at: readonly number[]
}

/** The different ones of what stands at each value; null is nothing there. */
export function variantsOf<T>(items: readonly (T | null)[], keyOf: (item: T) => string): readonly Variant<T>[] {
  const found = new Map<string, { readonly item: T; readonly at: number[] }>()
  items.forEach((item, index) => {
    if (item === null) return
    const key = keyOf(item)
    const known = found.get(key)
    if (known) known.at.push(index)
    else found.set(key, { item, at: [index] })
  })
  return [...found.values()]
}

/** The classes of an element that is seen at these values only; none where it always is. */
export function seenAt(at: readonly number[], count: number): readonly string[] {
  return at.length === count ? [] : ['k', ...at.map((index) => `k${index}`)]
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Sentences or other pieces, of which those that change are wrapped, each with the values at which it is seen. */
export function changing(pieces: readonly string[], wrap: (piece: string, classes: string) => string): string {
  return variantsOf(pieces, (piece) => piece)
    .map(({ item, at }) => wrap(item, seenAt(at, pieces.length).join(' ')))
    .join('')
}
