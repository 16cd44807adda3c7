/** Parmar et al. 2022 (arXiv 2104.11222): Pillow's bicubic filter in floats, StyleGAN3's Inception. */
import type { FeatureProtocol } from '../protocol'
import { BICUBIC } from '../filters'

const HALF = 128 / 255

export const cleanFid: FeatureProtocol = {
  id: 'clean-fid',
  name: 'clean-fid',
  network: 'Inception v3 of 2015, without its own resizing, [N, 3, 299, 299] to [N, 2048]',
  side: 299,
  filter: BICUBIC,
  bytes: false,
  mean: [HALF, HALF, HALF],
  deviation: [HALF, HALF, HALF],
  unit: false,
  distances: ['frechet', 'kid'],
  frechet: 'FID',
  source: 'clean-fid 0.1.35, mode clean',
}
