/** What a map says of the image's tokens alone, where a network has others beside them: a class, registers, a text. */
import type { MapLayer } from '../network/maps/types'

type Part = Pick<MapLayer, 'queries' | 'keys' | 'image'>

const whole = ({ queries, keys, image }: Part) => !image || (image.count === queries && image.count === keys)

/** Of a map [queries × keys], that among tokens of the image [n × n], each row made to sum to 1 again. */
export function imageMap(map: Float32Array, layer: Part): Float32Array {
  const { image, keys } = layer
  if (whole(layer) || !image) return map
  const { start, keyStart, count } = image
  const part = new Float32Array(count * count)
  for (let i = 0; i < count; i++) {
    const from = (start + i) * keys + keyStart
    const row = map.subarray(from, from + count)
    const total = row.reduce((sum, value) => sum + value, 0)
    for (let j = 0; j < count; j++) part[i * count + j] = total > 0 ? row[j]! / total : 1 / count
  }
  return part
}

/** Of what each key receives under each head [heads × keys], that of the image's tokens [heads × n], whose mean under a head is 1. */
export function imageReceived(received: Float32Array, layer: Part): Float32Array {
  const { image, keys } = layer
  if (whole(layer) || !image) return received
  const { keyStart, count } = image
  const heads = received.length / keys
  const part = new Float32Array(heads * count)
  for (let head = 0; head < heads; head++) {
    const own = received.subarray(head * keys + keyStart, head * keys + keyStart + count)
    const mean = own.reduce((sum, value) => sum + value, 0) / count
    for (let i = 0; i < count; i++) part[head * count + i] = mean > 0 ? own[i]! / mean : 1
  }
  return part
}
