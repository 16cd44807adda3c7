/** Stein et al. 2023 (arXiv 2306.04675): features of DINOv2, which agree with people where Inception's do not. */
import type { FeatureProtocol } from '../protocol'
import { BICUBIC } from '../filters'

export const dinov2: FeatureProtocol = {
  id: 'dinov2',
  name: 'FD-DINOv2',
  network: 'DINOv2 ViT-L/14, class token, [N, 3, 224, 224] to [N, 1024]',
  side: 224,
  filter: BICUBIC,
  bytes: true,
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
  unit: false,
  distances: ['frechet', 'kid'],
  frechet: 'FD-DINOv2',
  source: 'dgm-eval of 2023',
}
