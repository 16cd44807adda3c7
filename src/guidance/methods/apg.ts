/**
 * Adaptive Projected Guidance: the difference is averaged with a negative memory, its length limited, and its part
 * along D⁺ turned down, which is the part that oversaturates. Sadat et al., "Eliminating oversaturation and artifacts
 * of high guidance scales in diffusion models", ICLR 2025 (arXiv 2410.02416), algorithm 1; in x0 space, per sample.
 */
import { numberParameter } from '../parameters'
import type { CombinerDefinition } from '../types'

const dot = (a: Float32Array, b: Float32Array) => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

export const apg: CombinerDefinition = {
  kind: 'combiner',
  id: 'apg',
  name: 'APG',
  title: 'Adaptive projected guidance',
  family: 'combining',
  order: 210,
  brief: 'without the part along the positive',
  sentence: 'loses length and the part along the positive, so that a high scale sharpens without oversaturating.',
  formula: ({ eta }) =>
    String.raw`D = D^{+} + s\left(\Delta_{\perp} + ${String(eta ?? String.raw`\eta`)}\,\Delta_{\parallel}\right),\quad \Delta \leftarrow D^{+} - D^{-} + \beta\,\Delta_{\mathrm{before}},\ \lVert\Delta\rVert \le r`,
  source: { text: 'Sadat et al. 2025, arXiv 2410.02416', url: 'https://arxiv.org/abs/2410.02416' },
  needs: 'A negative of any method.',
  breaks: 'With a low limit it hardly guides; with a memory near −1 pushes of one step undo those of the one before.',
  cost: 'that of its negative',
  scale: { default: 2, max: 10 },
  negative: 'pag',
  parameters: [
    {
      kind: 'number',
      key: 'eta',
      label: 'Along D⁺ η',
      help: 'How much of the difference along the positive is kept: 0 is APG, 1 keeps all.',
      default: 0,
      min: 0,
      max: 1,
      step: 0.05,
      slider: 'linear',
    },
    {
      kind: 'number',
      key: 'normLimit',
      label: 'Limit r',
      help: 'The longest that the difference may be (its norm over all pixels); ∞ is no limit.',
      default: 8,
      min: 0.25,
      max: Infinity,
      step: 0.25,
      slider: { kind: 'log2', from: -2, to: 6 },
    },
    {
      kind: 'number',
      key: 'momentum',
      label: 'Memory β',
      help: 'How much of the previous step’s difference is added; below 0 it is taken away.',
      default: -0.5,
      min: -0.95,
      max: 0.95,
      step: 0.05,
      slider: 'linear',
    },
  ],
  combine({ positive, negative, settings, acts, memory }) {
    // As in the authors' code, what is remembered waits outside the window; inside, it fades and pushes also where Δ is 0.
    if (!acts) return { denoised: positive, memory }
    const beta = numberParameter(settings, 'momentum')
    const limit = numberParameter(settings, 'normLimit')
    const eta = numberParameter(settings, 'eta')
    // What is remembered is the sum before it is limited, as in the authors' code.
    const averaged = positive.map((value, i) => value - negative[i]! + beta * (memory?.[i] ?? 0))
    const shrink = Math.min(1, limit / Math.sqrt(dot(averaged, averaged)))
    const length = dot(positive, positive)
    const along = length === 0 ? 0 : ((eta - 1) * shrink * dot(averaged, positive)) / length
    return {
      denoised: positive.map((value, i) => value + settings.scale * (shrink * averaged[i]! + along * value)),
      memory: averaged,
    }
  },
}
