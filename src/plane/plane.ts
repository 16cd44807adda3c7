/** The plane as a whole: mixture, model and denoiser of the files of `models/plane`. */
import type { ModelInfo } from '../model/types'
import { PlaneDenoiser } from './denoiser'
import { POINTS_PER_ROW } from './cloud'
import type { Truth } from './measures'
import { Mixture, type MixtureFile } from './mixture'
import { type PlaneFile, planeModel, type WeightsFile } from './model'

export interface Plane {
  readonly mixture: Mixture
  readonly truth: Truth
  readonly model: ModelInfo
  readonly denoiser: PlaneDenoiser
}

export function openPlane(
  mixtureFile: MixtureFile & { readonly truth: Truth },
  file: PlaneFile,
  weights: WeightsFile,
): Plane {
  const mixture = new Mixture(mixtureFile)
  const model = planeModel(file, mixtureFile.classes)
  const denoiser = new PlaneDenoiser(model, file, weights, mixture, POINTS_PER_ROW)
  return { mixture, truth: mixtureFile.truth, model, denoiser }
}
