/** Reads NumPy's .npy (versions 1 to 3) and .npz, as a person or a stranger wrote them. Pure. */
import { unzipSync } from 'fflate'
import { widenHalf } from '../core/half'

/** A file that is no array, or one that is not read. The message says why, and what to do. */
export class NpyError extends Error {
  override readonly name = 'NpyError'
}

/** `type`: NumPy's name of what was stored; halves are widened. */
export interface NamedArray {
  readonly type: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint8Array
}

/** By the letters of a `descr`, after its byte order. */
const READERS: Readonly<
  Record<
    string,
    { readonly type: string; readonly width: number; readonly read: (own: ArrayBuffer) => NamedArray['data'] }
  >
> = {
  f2: { type: 'float16', width: 2, read: (own) => widenHalf(new Uint16Array(own)) },
  f4: { type: 'float32', width: 4, read: (own) => new Float32Array(own) },
  f8: { type: 'float64', width: 8, read: (own) => new Float64Array(own) },
  i1: { type: 'int8', width: 1, read: (own) => new Int8Array(own) },
  i2: { type: 'int16', width: 2, read: (own) => new Int16Array(own) },
  i4: { type: 'int32', width: 4, read: (own) => new Int32Array(own) },
  i8: { type: 'int64', width: 8, read: (own) => new BigInt64Array(own) },
  u1: { type: 'uint8', width: 1, read: (own) => new Uint8Array(own) },
  b1: { type: 'bool', width: 1, read: (own) => new Uint8Array(own) },
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** Of a header; NumPy's own limit is less. */
const LONGEST_HEADER = 65_536
/** Bytes of all arrays of one file. */
const MOST = 2 ** 31

interface Header {
  readonly descr: string
  readonly shape: readonly number[]
  readonly start: number
}

function headerOf(bytes: Uint8Array): Header {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw new NpyError('it is no .npy array')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wide = (bytes[6] ?? 0) >= 2
  if (bytes.length < 12) throw new NpyError('it ends within its header')
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true)
  const start = (wide ? 12 : 10) + length
  if (length > LONGEST_HEADER || start > bytes.length) throw new NpyError('it ends within its header')
  const header = new TextDecoder('latin1').decode(bytes.subarray(wide ? 12 : 10, start))
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1]
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1]
  if (descr === undefined || shape === undefined)
    throw new NpyError('its header is none that is read: save plain numbers')
  if (/'fortran_order':\s*True/.test(header))
    throw new NpyError('it is in Fortran order; save numpy.ascontiguousarray of it')
  const lengths = shape.split(',').filter((part) => part.trim() !== '')
  return { descr, shape: lengths.map(Number), start }
}

/** Throws NpyError. */
export function readNpy(bytes: Uint8Array): NamedArray {
  const { descr, shape, start } = headerOf(bytes)
  const reader = READERS[descr.slice(1)]
  if (!reader || !/^[<|=]/.test(descr))
    throw new NpyError(
      `its type is ${descr}, and can be ${Object.values(READERS)
        .map(({ type }) => type)
        .join(', ')}, little-endian`,
    )
  const count = shape.reduce((product, length) => product * length, 1)
  if (bytes.length - start !== count * reader.width)
    throw new NpyError(
      `it has ${bytes.length - start} bytes of values, which do not make [${shape.join(', ')}] of ${reader.type}`,
    )
  // A copy begins where its type may begin.
  return { type: reader.type, shape, data: reader.read(Uint8Array.from(bytes.subarray(start)).buffer) }
}

/**
 * The arrays of an archive by their names. `others`: what becomes of an array whose type is not read, such as the pickles that packages
 * save beside their numbers. Throws NpyError.
 */
export function readNpz(
  bytes: Uint8Array,
  others: 'refuse' | 'leave out' = 'refuse',
): Readonly<Record<string, NamedArray>> {
  let files: Readonly<Record<string, Uint8Array>>
  let total = 0
  try {
    files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        total += originalSize
        if (total > MOST) throw new NpyError('its arrays have more than 2 GiB')
        return name.endsWith('.npy')
      },
    })
  } catch (error) {
    if (error instanceof NpyError) throw error
    throw new NpyError(`it is no .npz archive: ${error instanceof Error ? error.message : String(error)}`)
  }
  return Object.fromEntries(
    Object.entries(files).flatMap(([file, content]): [string, NamedArray][] => {
      const name = file.slice(0, -'.npy'.length)
      try {
        return [[name, readNpy(content)]]
      } catch (error) {
        if (error instanceof NpyError && others === 'leave out') return []
        throw error instanceof NpyError ? new NpyError(`${name}: ${error.message}`) : error
      }
    }),
  )
}
