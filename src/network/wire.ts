/**
 * What a file would take once it is read, from its bytes alone: a stranger's may hold millions of empty parts, each an object of
 * many times its bytes. Protocol buffers' encoding: https://protobuf.dev/programming-guides/encoding/
 */
import { type DescMessage, ScalarType } from '@bufbuild/protobuf'

/** Bytes that an object, an entry of a list, and a whole number of 64 bits take, at most, as measured under V8. */
const OBJECT_BYTES = 400
const ENTRY_BYTES = 48
const LONG_BYTES = 56
const NUMBER_BYTES = 32
/** No graph that is meant for a browser nests deeper. */
const DEEPEST = 60

type Field =
  | { readonly kind: 'message'; readonly fields: Fields }
  | { readonly kind: 'numbers'; readonly each: number }
  | { readonly kind: 'other' }
type Fields = ReadonlyMap<number, Field>

const LONG: readonly ScalarType[] = [ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64]
/** Of fixed width in the file, and no wider as a number than twice that. */
const FIXED: readonly ScalarType[] = [ScalarType.FLOAT, ScalarType.DOUBLE]

const known = new Map<string, Fields>()

/** The fields of a message, which may hold itself. */
function fieldsOf(message: DescMessage): Fields {
  const before = known.get(message.typeName)
  if (before) return before
  const fields = new Map<number, Field>()
  known.set(message.typeName, fields)
  for (const field of message.fields) {
    const inner = field.message
    if (inner) fields.set(field.number, { kind: 'message', fields: fieldsOf(inner) })
    else if (field.fieldKind === 'list' && field.listKind === 'scalar' && !FIXED.includes(field.scalar))
      fields.set(field.number, { kind: 'numbers', each: LONG.includes(field.scalar) ? LONG_BYTES : NUMBER_BYTES })
    else fields.set(field.number, { kind: 'other' })
  }
  return fields
}

/**
 * Bytes of memory beside the file's own that reading it takes, at most; stops counting above `most`. Null where the bytes are no
 * message: their reader says why.
 */
export function memoryToRead(bytes: Uint8Array, message: DescMessage, most: number): number | null {
  let at = 0
  let total = 0

  function varint(): number {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) return -1
      // Lengths are below 2^32; what lies above does not matter here.
      if (shift < 28) value |= (byte & 0x7f) << shift
      else if (shift === 28) value += (byte & 0x0f) * 2 ** 28
      if (byte < 0x80) return value
    }
    return -1
  }

  /** Whether all of it up to `end` was gone through. */
  function walk(fields: Fields, end: number, depth: number): boolean {
    while (at < end) {
      if (total > most) return true
      const tag = varint()
      if (tag < 0) return false
      const field = fields.get(tag >>> 3)
      total += field === undefined ? OBJECT_BYTES : ENTRY_BYTES
      switch (tag & 7) {
        case 0:
          if (varint() < 0) return false
          break
        case 1:
          at += 8
          break
        case 5:
          at += 4
          break
        case 2: {
          const length = varint()
          const until = at + length
          if (length < 0 || until > end) return false
          if (field?.kind === 'message') {
            total += OBJECT_BYTES
            if (depth > DEEPEST || !walk(field.fields, until, depth + 1)) return false
          } else if (field?.kind === 'numbers') {
            // Packed, each ends with a byte below 128.
            for (let i = at; i < until; i++) if (bytes[i]! < 0x80) total += field.each
          }
          at = until
          break
        }
        default:
          // Groups, which no graph has.
          return false
      }
    }
    return at === end
  }

  return walk(fieldsOf(message), bytes.length, 0) ? total : null
}
