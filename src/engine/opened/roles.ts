/** What each graph among several is: a pipeline's folder holds a network, a text encoder, and an autoencoder's two halves. */
import { parseModel } from '../../network/onnx'
import { interfaceOf } from '../interface'

/** `other`: neither of them, such as the half of an autoencoder that makes latents. */
export type GraphRole = 'network' | 'text-encoder' | 'decoder' | 'other'

type Interface = ReturnType<typeof interfaceOf>

const isImage = ({ dims, dtype }: Interface['inputs'][number]) => dims.length === 4 && dtype.startsWith('float')
const isIds = ({ dims, dtype }: Interface['inputs'][number]) => dims.length === 2 && /^int(?:32|64)$/.test(dtype)

/** By what it takes and gives. */
export function roleOf({ inputs, outputs }: Interface): GraphRole {
  const images = inputs.filter(isImage)
  if (images.length === 0) return inputs.length > 0 && inputs.every(isIds) ? 'text-encoder' : 'network'
  if (inputs.length > 1) return 'network'
  const made = outputs.find(isImage)
  const [taken, given] = [images[0]!.dims[1], made?.dims[1]]
  if (given === 3 && taken !== 3) return 'decoder'
  return taken === 3 && given !== 3 ? 'other' : 'network'
}

/** The same of a file. Throws GraphError for what is no ONNX graph. */
export const roleOfGraph = (bytes: Uint8Array): GraphRole => roleOf(interfaceOf(parseModel(bytes)))
