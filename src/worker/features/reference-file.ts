/** Reference statistics as files: read as packages write them, written as they read them. */
import { pointsOf } from '../../evaluation/features'
import { momentsOfFeatures, ReferenceFault, referenceOf, type Reference } from '../../evaluation/features/reference'
import { npy } from '../../storage/npy'
import { NpyError, readNpy, readNpz } from '../../storage/read-npz'
import { zipped } from '../../storage/zip'

/** Throws ReferenceFault, which names the file. */
export function readReference(name: string, bytes: Uint8Array): Reference {
  try {
    return referenceOf(name.toLowerCase().endsWith('.npy') ? { array: readNpy(bytes) } : readNpz(bytes, 'leave out'))
  } catch (error) {
    if (error instanceof NpyError || error instanceof ReferenceFault)
      throw new ReferenceFault(`${name} is no reference: ${error.message}.`)
    throw error
  }
}

/** An .npz of these images: pytorch-fid and clean-fid read mu and sigma of it, clean-fid's KID feats. Throws RangeError for fewer than two. */
export function referenceFile(features: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
  const width = features[0]?.length ?? 0
  const { data, count } = pointsOf(features, width)
  const { mean, covariance } = momentsOfFeatures(data, width)
  return zipped({
    'mu.npy': npy(mean, [width]),
    'sigma.npy': npy(covariance, [width, width]),
    'feats.npy': npy(data, [count, width]),
  })
}
