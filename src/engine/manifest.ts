/** The parser of `models/<id>/manifest.json`: what comes from a file or a server is checked here, once. */
import * as v from 'valibot'
import type { ModelInfo } from './types'

/** A manifest that can't be used. The message says which entry is wrong, and what to do. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
}

/** The version of the format that this application reads. */
const FORMAT = 1

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'))
const count = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(1, 'must be at least 1'))
const positive = v.pipe(v.number(), v.finite('must be finite'), v.gtValue(0, 'must be positive'))
const file = v.object({
  file: v.pipe(v.string(), v.regex(/^[\w-][\w.-]*$/, 'must be a file name without a path')),
  bytes: count,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal')),
})

const schema = v.object({
  format: v.literal(FORMAT, `must be ${FORMAT}`),
  id: v.pipe(v.string(), v.regex(/^[\w-]+$/, 'must be made of letters, digits, - and _')),
  name: text,
  licence: text,
  graph: file,
  weights: file,
  golden: file,
  image: v.object({ channels: count, height: count, width: count }),
  preconditioning: v.object({ kind: v.literal('edm', 'must be "edm"'), sigmaData: positive }),
  sigma: v.pipe(
    v.object({ min: positive, max: positive, rho: positive }),
    v.check(({ min, max }) => min < max, 'min must be below max'),
  ),
  conditioning: v.object({
    kind: v.literal('class', 'must be "class"'),
    labelDropout: v.boolean(),
    classes: v.pipe(
      v.array(v.object({ name: text, artist: v.exactOptional(text), licence: v.exactOptional(text), url: v.exactOptional(text) })),
      v.minLength(1, 'must not be empty'),
    ),
  }),
  layers: v.pipe(
    v.array(
      v.object({
        index: v.pipe(v.number(), v.integer(), v.minValue(0)),
        name: text,
        stage: v.picklist(['encoder', 'middle', 'decoder'], 'must be encoder, middle or decoder'),
        height: count,
        width: count,
        heads: count,
      }),
    ),
    v.check((layers) => layers.every(({ index }, i) => index === i), 'indices must be 0, 1, 2, … in order'),
    v.check((layers) => new Set(layers.map(({ name }) => name)).size === layers.length, 'names must differ'),
  ),
  parameters: count,
  flops: count,
})

/** Checks a parsed manifest. Entries that this application does not use, such as training facts, are left out. Throws ManifestError. */
export function parseManifest(value: unknown): ModelInfo {
  const result = v.safeParse(schema, value)
  if (result.success) {
    const { format: _format, ...info } = result.output
    return info
  }
  const issue = result.issues[0]
  const path = v.getDotPath(issue)
  const name = typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? ` of ${value.id}` : ''
  const where = path === null ? '' : `${path}: `
  throw new ManifestError(
    `manifest.json${name}: ${where}${issue.message}. Export the model again, or use the version of this application that it was made for.`,
  )
}
