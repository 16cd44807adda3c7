/** The article's ablations: variants of one thing under settings that are otherwise the same, each a click. Data; pure. */
import type { ModelInfo, NetworkInfo, NetworkRole } from '../../model/types'
import { isGuided, methodById, needsVision } from '../../guidance/index'
import { unconditionalNetwork } from '../../guidance/networks'
import { withMethod, withoutStarts } from '../../settings'
import type { ParameterValue, Settings } from '../../settings/types'
import { settingsRefusals } from '../method/methods'
import { hasAverages } from './parameters'

/** A variant of an ablation: what it asks for, or why this family of networks has no such thing. */
type Variant = { readonly label: string } & (Asked | { readonly missing: string })

interface Asked {
  readonly method: string
  readonly scale?: number
  readonly parameters?: Readonly<Record<string, ParameterValue>>
  readonly window?: Settings['window']
  readonly network?: string
  readonly ema?: number
  readonly class?: null
}

export interface Ablation {
  readonly id: string
  readonly label: string
  /** What to look at while flipping through the variants. */
  readonly look: string
  /** The variants that the family of networks allows; those that it lacks say why. */
  variants(model: ModelInfo): readonly Variant[]
}

const sag = (label: string, mask: string): Variant => ({ label, method: 'sag', parameters: { mask } })
const pag = (label: string, perturbation: string, more: Asked['parameters'] = {}): Variant => ({
  label,
  method: 'pag',
  parameters: { perturbation, ...more },
})
const seg = (label: string, sigma: number): Variant => ({ label, method: 'seg', scale: 0.75, parameters: { sigma } })
const interval = (label: string, window: Settings['window']): Variant => ({ label, method: 'pag', scale: 1.5, window })

/** Autoguidance by a network of the family, or why there is none. */
function weak(label: string, network: NetworkInfo | undefined, missing: string): Variant {
  return network ? { label, method: 'autoguidance', scale: 1, parameters: { weak: network.id } } : { label, missing }
}

/** Images in thousands or millions. */
const images = (count: number) => (count < 1e6 ? `${Math.round(count / 1000)} k` : `${(count / 1e6).toPrecision(2)} M`)

const ofRole = ({ networks }: ModelInfo, role: NetworkRole) =>
  networks.filter((network) => network.role === role).sort((a, b) => a.samples - b.samples)

/** Trained for less than half as long as the main network. */
const early = (network: NetworkInfo, { networks }: ModelInfo) => network.samples < (networks[0]?.samples ?? 0) / 2

/** The two networks whose averages are compared: the main and a small one where they have averages, or their next of kin. */
function averaged(model: ModelInfo): readonly [NetworkInfo, NetworkInfo] | null {
  const [small, snapshots] = [ofRole(model, 'small'), ofRole(model, 'snapshot')]
  const positive = [...ofRole(model, 'main'), ...snapshots.toReversed()].find(hasAverages)
  const negative = [...small.toReversed(), ...snapshots].find((network) => hasAverages(network) && network !== positive)
  return positive && negative ? [positive, negative] : null
}

const LENGTHS = [0.05, 0.1] as const

function lengths(model: ModelInfo): readonly Variant[] {
  const pair = averaged(model)
  return LENGTHS.flatMap((ema) =>
    LENGTHS.map((weakEma): Variant => {
      const label = `${ema.toFixed(2)} and ${weakEma.toFixed(2)}`
      if (!pair)
        return { label, missing: 'It takes two networks with stored weight averages, and this family has fewer.' }
      const [positive, negative] = pair
      return {
        label,
        method: 'autoguidance',
        scale: 1,
        network: positive.id,
        ema,
        parameters: { weak: negative.id, weakEma },
      }
    }),
  )
}

/** On the network with label dropout, or why there is none. */
function onDropout(model: ModelInfo, label: string, asked: (network: NetworkInfo) => Omit<Asked, 'network'>): Variant {
  const network = unconditionalNetwork(model)
  return network
    ? { label, network: network.id, ...asked(network) }
    : { label, missing: 'No network of this family was trained with label dropout.' }
}

/** Autoguidance without a class, by the least trained of the networks that know how. */
function lessDropped(model: ModelInfo): Variant {
  const able = model.networks.filter(({ labelDropout }) => labelDropout)
  const network = able.filter((other) => other !== able[0]).sort((a, b) => a.samples - b.samples)[0]
  if (!network)
    return { label: 'autoguidance', missing: 'This family has no second network that was trained with label dropout.' }
  return onDropout(model, 'autoguidance', () => ({
    method: 'autoguidance',
    class: null,
    parameters: { weak: network.id },
  }))
}

export const ABLATIONS: readonly Ablation[] = [
  {
    id: 'sag-masks',
    label: 'SAG: where to blur',
    look: 'The clear part of D⁺ is what SAG blurs; all masks but “everything” have the same area. Watch where Δ lies: attention puts it on the face, chance everywhere.',
    variants: () => [
      sag('attention', 'attention'),
      sag('everything', 'global'),
      sag('details', 'high-frequency'),
      sag('random', 'random'),
      sag('square', 'square'),
      sag('DINO', 'dino'),
    ],
  },
  {
    id: 'pag-maps',
    label: 'PAG: what stands in for the map',
    look: 'Same layers, same scale; only the map changes. Compare the negative alone, and the size of Δ along the noise axis: a perturbation that is too strong pushes colour, not structure.',
    variants: () => [
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
    variants: () => [seg('σ 1', 1), seg('σ 2', 2), seg('σ 5', 5), seg('σ 10', 10), seg('σ ∞', Infinity)],
  },
  {
    id: 'autoguidance-training',
    label: 'Autoguidance: how long the weak network was trained',
    look: 'The weak network is the same one after fewer images. Too late, and Δ is nearly nothing; too early, and it points at another image.',
    variants: (model) => {
      const snapshots = ofRole(model, 'snapshot')
      const missing = 'This family has no snapshots of its main network.'
      return snapshots.length === 0
        ? [weak('earlier', undefined, missing)]
        : snapshots.map((network) => weak(images(network.samples), network, missing))
    },
  },
  {
    id: 'autoguidance-size',
    label: 'Autoguidance: how large it is',
    look: 'A weak network that is small, early, or both. The paper’s best is both: it errs where the main network errs, only more.',
    variants: (model) => {
      const small = ofRole(model, 'small')
      return [
        weak(
          'smaller',
          small.findLast((network) => !early(network, model)),
          'This family has no smaller network that was trained about as long as the main one, so “smaller” alone can’t be shown.',
        ),
        weak('earlier', ofRole(model, 'snapshot')[0], 'This family has no snapshots of its main network.'),
        weak(
          'smaller and earlier',
          small.find((network) => early(network, model)),
          'This family has no smaller network that was trained less.',
        ),
      ]
    },
  },
  {
    id: 'autoguidance-ema',
    label: 'Autoguidance: the two averages',
    look: 'Lengths of the weight averages, the positive’s and the negative’s. The result is sensitive to the pair, not to either alone. The positive is the main network, or where none of its averages are stored the latest snapshot that has some.',
    variants: lengths,
  },
  {
    id: 'icg-cfg',
    label: 'ICG against CFG',
    look: 'The same network and scale; the negative is asked for no class, or for any other. On average over steps both Δ point the same way.',
    variants: (model) => [
      onDropout(model, 'CFG', () => ({ method: 'cfg', scale: 1 })),
      onDropout(model, 'ICG', () => ({ method: 'icg', scale: 1 })),
      onDropout(model, 'ICG, one draw', () => ({ method: 'icg', scale: 1, parameters: { redraw: 'once' } })),
      onDropout(model, 'ICG, noise', () => ({ method: 'icg', scale: 1, parameters: { draw: 'gaussian' } })),
    ],
  },
  {
    id: 'tsg-noise',
    label: 'TSG: how unsure of the noise level',
    look: 'Noise on the embedding of σ only. Watch ‖Δ‖ / ‖D⁺‖ fall along the axis with α.',
    variants: () =>
      [0.5, 1, 2, 4].map((noiseScale): Variant => ({
        label: `s ${noiseScale}`,
        method: 'tsg',
        parameters: { noiseScale },
      })),
  },
  {
    id: 'sims-budget',
    label: 'SIMS: how long it trained on itself',
    look: 'The longer the copy saw its own images, the larger Δ, and the smaller the scale that is still good. Neon pushes the weights instead: no second evaluation.',
    variants: (model) => {
      const tuned = ofRole(model, 'sims')
      const middle = tuned[Math.floor(tuned.length / 2)]
      if (!middle) return [{ label: 'SIMS', missing: 'No network of this family was tuned on its own images.' }]
      return [
        ...tuned.map(({ id, samples }): Variant => ({
          label: images(samples),
          method: 'sims',
          parameters: { budget: id, form: 'sims' },
        })),
        { label: `Neon, ${images(middle.samples)}`, method: 'sims', parameters: { budget: middle.id, form: 'neon' } },
      ]
    },
  },
  {
    id: 'interval',
    label: 'Guidance interval: when to push',
    look: 'The band under the axis is where guidance acts. High noise decides the layout, low noise the texture; the middle often suffices, at half the price.',
    variants: () => [
      interval('always', [0, Infinity]),
      interval('high noise', [5, Infinity]),
      interval('middle', [0.3, 5]),
      interval('low noise', [0, 0.3]),
    ],
  },
  {
    id: 'unconditional',
    label: 'Without any class',
    look: 'The network with label dropout, asked for any image. CFG has nothing to compare with here; the others work as before.',
    variants: (model) => [
      ...['none', 'sag', 'pag', 'seg', 'tsg'].map((method) =>
        onDropout(model, isGuided({ method }) ? (methodById(method)?.name ?? method) : 'no guidance', () => ({
          method,
          class: null,
        })),
      ),
      lessDropped(model),
    ],
  },
]

/** The settings with a variant in force: class (unless the variant asks for none), seed, samples and way stay as they are. */
function applied(settings: Settings, asked: Asked, model: ModelInfo): Settings {
  const { method, parameters = {}, ema = null } = asked
  // What is compared is the article's, not where this model happens to be best.
  const wish = { ...settings, window: [0, Infinity] as const, ema: null, rescale: 0, stack: [] }
  const base = withMethod(wish, method, withoutStarts(model))
  return {
    ...base,
    network: asked.network ?? model.networks[0]?.id ?? base.network,
    ema,
    class: asked.class === null ? null : (settings.class ?? 0),
    scale: asked.scale ?? methodById(method)?.scale.default ?? base.scale,
    window: asked.window ?? [0, Infinity],
    parameters: { ...base.parameters, ...parameters },
  }
}

/** A variant as it can be clicked, or the reason why it can't. */
export type Offer = { readonly label: string } & (
  | {
      readonly kind: 'settings'
      readonly settings: Settings
      /** What is still missing, which a control beside can give, or null. */ readonly note: string | null
    }
  | { readonly kind: 'missing'; readonly why: string }
)

/** The variants of an ablation under settings that are otherwise the same. */
export function offersOf(ablation: Ablation, settings: Settings, model: ModelInfo): readonly Offer[] {
  return ablation.variants(model).map((variant): Offer => {
    const { label } = variant
    if ('missing' in variant) return { label, kind: 'missing', why: variant.missing }
    const next = applied(settings, variant, model)
    const why = settingsRefusals(next, model)[0] ?? null
    // A vision transformer can be given; the control for that comes with these settings.
    return why === null || needsVision(next)
      ? { label, kind: 'settings', settings: next, note: why }
      : { label, kind: 'missing', why }
  })
}
