/** Jayasumana et al. 2024 (arXiv 2401.09603): features of CLIP, a kernel in the place of a Gaussian. */
import type { FeatureProtocol } from '../protocol'
import { BICUBIC } from '../filters'

export const cmmd: FeatureProtocol = {
  id: 'cmmd',
  name: 'CMMD',
  network: 'CLIP ViT-L/14 at 336 pixels, image embeddings, [N, 3, 336, 336] to [N, 768]',
  side: 336,
  filter: BICUBIC,
  bytes: true,
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
  unit: true,
  distances: ['cmmd'],
  frechet: 'FD-CLIP',
  source: 'cmmd-pytorch of 2024, after google-research/cmmd',
}
