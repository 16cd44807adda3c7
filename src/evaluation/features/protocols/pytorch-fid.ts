/** Seitzer 2020, after Heusel et al. 2017 (arXiv 1706.08500): PyTorch's bilinear interpolation, TensorFlow's Inception weights. */
import type { FeatureProtocol } from '../protocol'
import { BILINEAR } from '../filters'

export const pytorchFid: FeatureProtocol = {
  id: 'pytorch-fid',
  name: 'pytorch-fid',
  network: 'Inception v3 of pytorch-fid, resize_input and normalize_input off, [N, 3, 299, 299] to [N, 2048]',
  side: 299,
  filter: BILINEAR,
  bytes: false,
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
  unit: false,
  distances: ['frechet', 'kid'],
  frechet: 'FID',
  source: 'pytorch-fid 0.3.0',
}
