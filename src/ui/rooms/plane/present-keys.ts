/** What the keys do before an audience of the plane. */
import { type PresentKey, pressed, type Stage, STAGE_KEYS, STEP_KEYS } from '../../view/stage-keys'
import type { Plane } from './plane'

export interface PlaneHand extends Stage {
  readonly plane: Plane
  toggleControls(): void
}

export const PLANE_KEYS: readonly PresentKey<PlaneHand>[] = [
  ...STEP_KEYS,
  { keys: ['r'], label: 'R', does: 'reveal the answer of the lesson', act: () => void pressed('lesson-say') },
  {
    keys: ['b'],
    label: 'B',
    does: 'the positive’s points and the guided ones by turns',
    act: ({ plane }) => {
      const { trajectory } = plane.store.getState()
      plane.set({ trajectory: trajectory === 'guided' ? 'positive' : 'guided' })
    },
  },
  { keys: ['c'], label: 'C', does: 'controls below the numbers, or none', act: (hand) => hand.toggleControls() },
  ...STAGE_KEYS,
]
