/** The part of JSON Schema (draft 2020-12) that the published schema of presets is written in. */
export interface JsonSchema {
  readonly $schema?: string
  readonly $id?: string
  readonly title?: string
  readonly description?: string
  readonly type?: 'object' | 'array' | 'number' | 'integer' | 'string' | 'boolean' | 'null'
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly minItems?: number
  readonly anyOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly not?: JsonSchema
  readonly if?: JsonSchema
  readonly then?: JsonSchema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly unevaluatedProperties?: boolean
  readonly items?: JsonSchema | false
  readonly prefixItems?: readonly JsonSchema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
}

/** A number of a range, and "inf" where that has no end. */
export function rangeSchema(min: number, max: number, whole = false): JsonSchema {
  const type = whole ? ('integer' as const) : ('number' as const)
  const finite = { type, ...(min > -Infinity && { minimum: min }), ...(max < Infinity && { maximum: max }) }
  return max === Infinity ? { anyOf: [finite, { const: 'inf' }] } : finite
}
