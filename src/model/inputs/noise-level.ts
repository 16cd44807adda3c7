/** The noise level, as the schedule tells it: σ, ln σ/4, a training step or a flow's time. */
import type { InputMeaning } from '../input'

export const noiseLevel: InputMeaning = {
  id: 'noise-level',
  name: 'the noise level',
  help: 'The number that the schedule tells: a training step, a time, σ or ln(σ)/4. Whole numbers take the nearest step.',
  place: 10,
  dtypes: ['float32', 'float16', 'int64'],
  condition: false,
  required: true,
  fault: (_input, each) => (each === 1 ? null : 'dims: a row has one noise level'),
  values: (_row, { dtype }, { level: { noise } }) => [dtype === 'int64' ? Math.round(noise) : noise],
}
