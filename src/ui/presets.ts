/** The article's ablations: variants of one thing under settings that are otherwise the same, each a click. Data; pure. */
import type { ModelInfo } from '../engine/types'
import { methodById } from '../guidance'
import { withMethod } from '../settings/codec'
import type { ParameterValue, Settings } from '../settings/types'

interface Variant {
  readonly label: string
  readonly method: string
  readonly scale?: number
  readonly parameters?: Readonly<Record<string, ParameterValue>>
  readonly window?: Settings['window']
  readonly network?: string
  readonly ema?: number
  readonly class?: null
  readonly layers?: Settings['layers']
}

export interface Ablation {
  readonly id: string
  readonly label: string
  /** What to look at while flipping through the variants. */
  readonly look: string
  readonly variants: readonly Variant[]
}

const sag = (label: string, mask: string): Variant => ({ label, method: 'sag', parameters: { mask } })
const pag = (label: string, perturbation: string, more: Variant['parameters'] = {}): Variant => ({ label, method: 'pag', parameters: { perturbation, ...more } })
const seg = (label: string, sigma: number): Variant => ({ label, method: 'seg', scale: 0.75, parameters: { sigma } })
const weak = (label: string, id: string): Variant => ({ label, method: 'autoguidance', scale: 1, parameters: { weak: id } })
const lengths = (label: string, ema: number, weakEma: number): Variant => ({ label, method: 'autoguidance', scale: 1, ema, parameters: { weak: 'small', weakEma } })
const sims = (label: string, budget: string, form = 'sims'): Variant => ({ label, method: 'sims', parameters: { budget, form } })
const interval = (label: string, window: Settings['window']): Variant => ({ label, method: 'pag', scale: 1.5, window })
const unconditional = (label: string, method: string, parameters?: Variant['parameters']): Variant => ({
  label,
  method,
  network: 'dropout',
  class: null,
  ...(parameters && { parameters }),
})

export const ABLATIONS: readonly Ablation[] = [
  {
    id: 'sag-masks',
    label: 'SAG: where to blur',
    look: 'The clear part of D⁺ is what SAG blurs; all masks but “everything” have the same area. Watch where Δ lies: attention puts it on the face, chance everywhere.',
    variants: [sag('attention', 'attention'), sag('everything', 'global'), sag('details', 'high-frequency'), sag('random', 'random'), sag('square', 'square'), sag('DINO', 'dino')],
  },
  {
    id: 'pag-maps',
    label: 'PAG: what stands in for the map',
    look: 'Same layers, same scale; only the map changes. Compare the negative alone, and the size of Δ along the noise axis: a perturbation that is too strong pushes colour, not structure.',
    variants: [
      pag('identity', 'identity'),
      pag('random mask, diagonal kept', 'mask', { keepDiagonal: true }),
      pag('random mask', 'mask', { keepDiagonal: false }),
      pag('dropout', 'drop'),
      pag('noise', 'noise'),
      pag('blurred', 'gaussian'),
      pag('averaged', 'average'),
      pag('uniform', 'uniform'),
    ],
  },
  {
    id: 'seg-sigma',
    label: 'SEG: how far to blur',
    look: 'The scale stays, the blur grows. Watch the kernel, ‖Δ‖ / ‖D⁺‖ and the attention map of a layer: at ∞ every token looks where the mean token looks.',
    variants: [seg('σ 1', 1), seg('σ 2', 2), seg('σ 5', 5), seg('σ 10', 10), seg('σ ∞', Infinity)],
  },
  {
    id: 'autoguidance-training',
    label: 'Autoguidance: how long the weak network was trained',
    look: 'The weak network is the same one earlier. Too late, and Δ is nearly nothing; too early, and it points at another image.',
    variants: [weak('1/16', 'main-1-16'), weak('1/8', 'main-1-8'), weak('1/4', 'main-1-4'), weak('1/2', 'main-1-2')],
  },
  {
    id: 'autoguidance-size',
    label: 'Autoguidance: how large it is',
    look: 'A weak network that is small, early, or both. The paper’s best is both: it errs where the main network errs, only more.',
    variants: [weak('smaller', 'small'), weak('earlier', 'main-1-16'), weak('smaller and earlier', 'small-1-16')],
  },
  {
    id: 'autoguidance-ema',
    label: 'Autoguidance: the two averages',
    look: 'Lengths of the weight averages of both sides. The result is sensitive to the pair, not to either alone.',
    variants: [lengths('0.05 and 0.05', 0.05, 0.05), lengths('0.05 and 0.10', 0.05, 0.1), lengths('0.10 and 0.05', 0.1, 0.05), lengths('0.10 and 0.10', 0.1, 0.1)],
  },
  {
    id: 'icg-cfg',
    label: 'ICG against CFG',
    look: 'The same network and scale; the negative is asked for no class, or for any other. On average over steps both Δ point the same way.',
    variants: [
      { label: 'CFG', method: 'cfg', scale: 1, network: 'dropout' },
      { label: 'ICG', method: 'icg', scale: 1, network: 'dropout' },
      { label: 'ICG, one draw', method: 'icg', scale: 1, network: 'dropout', parameters: { redraw: 'once' } },
      { label: 'ICG, noise', method: 'icg', scale: 1, network: 'dropout', parameters: { draw: 'gaussian' } },
    ],
  },
  {
    id: 'tsg-noise',
    label: 'TSG: how unsure of the noise level',
    look: 'Noise on the embedding of σ only. Watch ‖Δ‖ / ‖D⁺‖ fall along the axis with α.',
    variants: [0.5, 1, 2, 4].map((noiseScale): Variant => ({ label: `s ${noiseScale}`, method: 'tsg', parameters: { noiseScale } })),
  },
  {
    id: 'sims-budget',
    label: 'SIMS: how long it trained on itself',
    look: 'The longer the copy saw its own images, the larger Δ, and the smaller the scale that is still good. Neon pushes the weights instead: no second evaluation.',
    variants: [sims('budget 1', 'sims-1'), sims('budget 2', 'sims-2'), sims('budget 3', 'sims-3'), sims('Neon', 'sims-2', 'neon')],
  },
  {
    id: 'interval',
    label: 'Guidance interval: when to push',
    look: 'The band under the axis is where guidance acts. High noise decides the layout, low noise the texture; the middle often suffices, at half the price.',
    variants: [interval('always', [0, Infinity]), interval('high noise', [5, Infinity]), interval('middle', [0.3, 5]), interval('low noise', [0, 0.3])],
  },
  {
    id: 'unconditional',
    label: 'Without any class',
    look: 'The network with label dropout, asked for any image. CFG has nothing to compare with here; the others work as before.',
    variants: [
      unconditional('no guidance', 'none'),
      unconditional('SAG', 'sag'),
      unconditional('PAG', 'pag'),
      unconditional('SEG', 'seg'),
      unconditional('TSG', 'tsg'),
      unconditional('autoguidance', 'autoguidance', { weak: 'dropout-early' }),
    ],
  },
]

/** The settings with a variant in force: class (unless the variant asks for none), seed, samples and way stay as they are. */
export function applyVariant(settings: Settings, variant: Variant, model: ModelInfo): Settings {
  const { method, parameters = {}, ema = null } = variant
  const base = withMethod({ ...settings, window: [0, Infinity], ema: null, rescale: 0, stack: [] }, method, model)
  const network = variant.network ?? model.networks[0]?.id ?? base.network
  return {
    ...base,
    network,
    ema,
    class: variant.class === null ? null : (settings.class ?? 0),
    scale: variant.scale ?? methodById(method)?.scale.default ?? base.scale,
    window: variant.window ?? [0, Infinity],
    layers: variant.layers ?? base.layers,
    parameters: { ...base.parameters, ...parameters },
  }
}
