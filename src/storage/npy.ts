/** NumPy's .npy format, version 1.0, for float32 and float64 arrays in C order. Pure. */

export function npy(data: Float32Array | Float64Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const size = shape.reduce((a, b) => a * b, 1)
  if (size !== data.length) throw new RangeError(`shape ${shape.join('×')} does not hold ${data.length} values`)
  const width = data.BYTES_PER_ELEMENT
  const dictionary = `{'descr': '<f${width}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`
  // Magic, version and length take 10 bytes; the data begins at a multiple of 64.
  const padded = dictionary.padEnd(Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10 - 1) + '\n'
  const bytes = new Uint8Array(10 + padded.length + data.length * width)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8])
  bytes.set(new TextEncoder().encode(padded), 10)
  const view = new DataView(bytes.buffer, 10 + padded.length)
  data.forEach((value, i) => (width === 4 ? view.setFloat32(4 * i, value, true) : view.setFloat64(8 * i, value, true)))
  return bytes
}
