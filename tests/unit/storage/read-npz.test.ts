/** Arrays of a stranger's archive: each type as it was stored, or why it is not read. */
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { npy } from '../../../src/storage/npy'
import { NpyError, readNpy, readNpz } from '../../../src/storage/read-npz'

/** As NumPy writes it, with a header of one's own. */
function stored(header: string, values: ArrayBufferView, version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`)
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0]
  const own = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length, ...text, ...own])
}

const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`

describe('an array', () => {
  it.each([
    ['<f4', Float32Array.of(1.5, -2), 'float32', [1.5, -2]],
    ['<f8', Float64Array.of(0.1, 3), 'float64', [0.1, 3]],
    ['<f2', Uint16Array.of(0x3e00, 0xc000), 'float16', [1.5, -2]],
    ['<i8', BigInt64Array.of(7n, -(2n ** 40n)), 'int64', [7, -(2 ** 40)]],
    ['<i4', Int32Array.of(7, -8), 'int32', [7, -8]],
    ['<i2', Int16Array.of(7, -8), 'int16', [7, -8]],
    ['|i1', Int8Array.of(7, -8), 'int8', [7, -8]],
    ['|u1', Uint8Array.of(7, 255), 'uint8', [7, 255]],
    ['|b1', Uint8Array.of(1, 0), 'bool', [1, 0]],
  ])('of %s is read', (descr, values, type, wanted) => {
    for (const version of [1, 2]) {
      const found = readNpy(stored(header(descr, '(2, 1)'), values, version))
      expect({ type: found.type, shape: found.shape, values: Array.from(found.data, Number) }).toEqual({
        type,
        shape: [2, 1],
        values: wanted,
      })
    }
  })

  it('of no axes, and of none, is read; what we write comes back', () => {
    expect(readNpy(stored(header('<f4', '()'), Float32Array.of(3))).shape).toEqual([])
    expect(readNpy(stored(header('<f4', '(0, 4)'), new Float32Array(0))).shape).toEqual([0, 4])
    const data = Float32Array.of(1, 2, 3, 4, 5, 6)
    expect(readNpy(npy(data, [3, 2]))).toEqual({ type: 'float32', shape: [3, 2], data })
  })

  it.each([
    ['text', new TextEncoder().encode('not an array'), 'it is no .npy array'],
    ['nothing but its first bytes', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1), 'it ends within its header'],
    ['objects', stored(header('|O', '(1,)'), Uint8Array.of(0)), 'its type is |O, and can be float16'],
    ['the other byte order', stored(header('>f4', '(1,)'), new Float32Array(1)), 'its type is >f4'],
    ['columns first', stored(header('<f4', '(1,)', 'True'), new Float32Array(1)), 'save numpy.ascontiguousarray of it'],
    ['fewer values than it says', stored(header('<f4', '(9, 9)'), new Float32Array(3)), 'which do not make [9, 9]'],
    [
      'more than can be counted',
      stored(header('<f4', '(99999999999, 99999999999)'), new Float32Array(1)),
      'do not make',
    ],
    [
      'several of a kind',
      stored("{'descr': [('a', '<f4')], 'shape': (1,)}", new Float32Array(1)),
      'save plain numbers',
    ],
  ])('of %s is refused', (_, bytes, message) => {
    expect(() => readNpy(bytes)).toThrow(NpyError)
    expect(() => readNpy(bytes)).toThrow(message)
  })
})

describe('an archive', () => {
  const array = npy(Float32Array.of(1, 2), [2])

  it.each([0, 9] as const)('of arrays is read by their names, compressed at level %d', (level) => {
    const found = readNpz(zipSync({ 'x.npy': array, 'a/b.npy': array, 'readme.txt': Uint8Array.of(1) }, { level }))
    expect(Object.keys(found).sort()).toEqual(['a/b', 'x'])
    expect(found['x']?.data).toEqual(Float32Array.of(1, 2))
  })

  it('that is none, or is cut off, is refused; a damaged array is named', () => {
    expect(() => readNpz(array)).toThrow('it is no .npz archive')
    const whole = zipSync({ 'x.npy': array })
    expect(() => readNpz(whole.subarray(0, whole.length - 30))).toThrow(NpyError)
    expect(() => readNpz(zipSync({ 'x.npy': array.subarray(0, 90) }))).toThrow('x: it ends within its header')
  })

  it('that would unpack to more than there is memory for is refused before it is', () => {
    const bytes = zipSync({ 'x.npy': array })
    // What the directory at the end says that it unpacks to.
    const at = Buffer.from(bytes.buffer).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]))
    new DataView(bytes.buffer).setUint32(at + 24, 0xf0000000, true)
    expect(() => readNpz(bytes)).toThrow('its arrays have more than 2 GiB')
  })
})
