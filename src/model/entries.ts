/** Entries that several parts of a manifest share. */
import * as v from 'valibot'

export const text = v.pipe(v.string(), v.nonEmpty('must not be empty'))
export const count = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(1, 'must be at least 1'))
export const finite = v.pipe(v.number(), v.finite('must be finite'))
export const positive = v.pipe(finite, v.gtValue(0, 'must be positive'))
export const fileName = v.pipe(v.string(), v.regex(/^[\w-][\w.-]*$/, 'must be a file name without a path'))
export const file = v.object({
  file: fileName,
  bytes: count,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal')),
})

export function distinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}
