/** What schedules without training steps share. */
import type { KindParameter } from './description'

/** Of schedules that may, or may not, scale x as EDM does. */
export const SCALING_DEVIATION: KindParameter = {
  kind: 'number',
  key: 'sigmaData',
  label: 'Scaled by σ_d',
  help: 'x is divided by √(σ² + σ_d²) before the network gets it; 0: it is given as it is.',
  default: 0,
  min: 0,
  max: 1e6,
}

/** EDM's c_in; 1 where no deviation is given. */
export function edmScale(sigma: number, sigmaData: number): number {
  return sigmaData === 0 ? 1 : 1 / Math.sqrt(sigma * sigma + sigmaData * sigmaData)
}
