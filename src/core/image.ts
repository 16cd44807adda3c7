/** Between images as the network knows them (planar float32, [−1, 1]) and as people see them (interleaved RGB bytes). */

export interface ImageSize {
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** One data value as a byte: −1 ↦ 0, 1 ↦ 255, clipped. */
export function toByte(value: number): number {
  return Math.round(Math.min(1, Math.max(-1, value)) * 127.5 + 127.5)
}

/** A byte as a data value, in float32 as images hold it; `toByte` gives the byte back. */
export function fromByte(byte: number): number {
  return Math.fround(byte / 127.5 - 1)
}

/** A row of images side by side as RGB bytes [height, count × width, 3]; one-channel images become grey. */
export function filmStrip(images: readonly Float32Array[], { channels, height, width }: ImageSize): Uint8Array {
  const out = new Uint8Array(height * width * images.length * 3)
  const plane = height * width
  images.forEach((image, column) => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = 3 * ((y * images.length + column) * width + x)
        for (let c = 0; c < 3; c++) out[at + c] = toByte(image[(channels === 1 ? 0 : c) * plane + y * width + x]!)
      }
    }
  })
  return out
}

/** Mean over channels of a − b, [h × w]. */
export function meanDifference(
  a: Float32Array,
  b: Float32Array,
  { height, width }: Pick<ImageSize, 'height' | 'width'>,
): Float32Array {
  const area = height * width
  const channels = a.length / area
  const out = new Float32Array(area)
  for (let channel = 0; channel < channels; channel++) {
    const offset = channel * area
    for (let i = 0; i < area; i++) out[i]! += (a[offset + i]! - b[offset + i]!) / channels
  }
  return out
}

/** Root mean square of a − b as both are seen (clamped to [−1, 1]), as a share of the range, 2. */
export function relativeDistance(a: Float32Array, b: Float32Array): number {
  const seen = (value: number) => Math.min(1, Math.max(-1, value))
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (seen(a[i]!) - seen(b[i]!)) ** 2
  return Math.sqrt(sum / a.length) / 2
}
