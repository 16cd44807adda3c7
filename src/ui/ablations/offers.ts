/** The variants of an ablation as they can be clicked, under settings that are otherwise the same. Pure. */
import { methodById, needsVision } from '../../guidance/index'
import type { ModelInfo } from '../../model/types'
import { withMethod, withoutStarts } from '../../settings'
import type { Settings } from '../../settings/types'
import { settingsRefusals } from '../method/methods'
import type { Ablation, Asked } from './ablation'

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
      /** What is still missing, which a control beside can give, or null. */
      readonly note: string | null
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
