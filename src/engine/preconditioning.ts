/** EDM preconditioning, D(x; σ) = c_skip x + c_out F(c_in x, c_noise): Karras et al. 2022 (arXiv 2206.00364), table 1, column "Ours". */
import { deterministicLog } from '../core/random'

export interface Preconditioning {
  readonly skip: number
  readonly out: number
  readonly in: number
  /** ln(σ)/4, the network's noise level. */
  readonly noise: number
}

/** Coefficients at noise level `sigma` > 0, for data of standard deviation `sigmaData`; in double precision, equal on every device. */
export function edmPreconditioning(sigma: number, sigmaData: number): Preconditioning {
  if (!(sigma > 0 && sigma < Infinity)) throw new RangeError(`sigma must be positive and finite, not ${sigma}`)
  const total = sigma * sigma + sigmaData * sigmaData
  const root = Math.sqrt(total)
  return {
    skip: (sigmaData * sigmaData) / total,
    out: (sigma * sigmaData) / root,
    in: 1 / root,
    noise: deterministicLog(sigma) / 4,
  }
}
