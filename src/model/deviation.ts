/** The parameter of kinds that take the data to have a deviation. */
import type { KindParameter } from './description'

/** `usual`: where nobody says; `where`: of whose networks that is. */
export const dataDeviation = (usual: number, where: string): KindParameter => ({
  kind: 'number',
  key: 'sigmaData',
  label: 'Deviation of the data σ_d',
  help: `The deviation that training took the data to have${where}`,
  default: usual,
  min: 1e-6,
  max: 1e6,
})
