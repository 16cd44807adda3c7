/** Controls of one layer, by what they are called, and what their random fields draw. */
import { keepMatrix, maskBias, noiseMatrix, shuffledSources } from '../../../src/network/controls/matrices'
import type { AttentionControl } from '../../../src/network/types'
import type { Draws } from './graphs'

export const CONTROLS: Record<string, AttentionControl | null> = {
  none: null,
  identity: { mix: 1 },
  'half identity': { mix: 0.5 },
  'identity of one head': { mix: [0, 1] },
  'a share for each head': { mix: [0.75, 0.25] },
  'blur 0.5': { querySigma: 0.5 },
  'blur 2': { querySigma: 2 },
  'blur to the mean': { querySigma: Infinity },
  uniform: { temperature: 0 },
  sharper: { temperature: 2 },
  'all at once': { mix: 0.25, querySigma: 1, temperature: 0.5 },
}

/** What the random fields of a control draw; `control-inputs.test.ts` proves the draws themselves. */
export function drawsOf({ mask, drop, noise, shuffle }: AttentionControl, n: number): Draws {
  return {
    ...(mask && { masked: Array.from(maskBias(n, mask), (value) => value !== 0) }),
    ...(drop && { dropped: Array.from(keepMatrix(n, drop), (value) => value === 0) }),
    ...(noise && { noise: noiseMatrix(n, noise) }),
    ...(shuffle && { sources: shuffledSources(n, shuffle) }),
  }
}

export const AFTER_SOFTMAX: Record<string, AttentionControl> = {
  drop: { drop: { rate: 0.4, seed: 3 } },
  'drop everything': { drop: { rate: 1, seed: 3 }, mix: 0.5 },
  noise: { noise: { deviation: 0.1, seed: 4 } },
  'gaussian smoothing': { smooth: 'gaussian' },
  'average smoothing': { smooth: 'average' },
  'shuffle all': { shuffle: { share: 1, seed: 5 } },
  'shuffle some': { shuffle: { share: 0.3, seed: 6 } },
  'smooth, then shuffle': { smooth: 'average', shuffle: { share: 1, seed: 5 } },
  'all but drop': {
    mix: [0.25, 0.5],
    querySigma: 1,
    temperature: 0.5,
    mask: { rate: 0.3, seed: 2, keepDiagonal: true },
    noise: { deviation: 0.05, seed: 4 },
    smooth: 'gaussian',
    shuffle: { share: 0.5, seed: 7 },
  },
  'all at once': {
    mix: [0.25, 0.5],
    querySigma: 1,
    temperature: 0.5,
    mask: { rate: 0.3, seed: 2, keepDiagonal: true },
    drop: { rate: 0.2, seed: 8 },
    noise: { deviation: 0.05, seed: 4 },
    smooth: 'gaussian',
    shuffle: { share: 0.5, seed: 7 },
  },
}
