/** Values as text that does not depend on the order in which an object's keys were written. */

/** The value with the keys of its objects in order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, held]) => [key, ordered(held)]),
  )
}

/** JSON in which equal values are equal texts. Infinity, which JSON does not know, is "inf", and NaN "nan". */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(ordered(value), (_, held: unknown) =>
    typeof held !== 'number' || Number.isFinite(held) ? held : held > 0 ? 'inf' : held < 0 ? '-inf' : 'nan',
  )
}
