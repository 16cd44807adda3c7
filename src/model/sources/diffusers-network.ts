/** diffusers' config.json of a U-Net or a transformer: size, channels, classes, and whether a variance is learned. */
import { complete, kindById } from '../kinds'
import { predictions } from '../predictions/index.generated'
import { schedules } from '../schedules/index.generated'
import { classIn, type Clues, type ConfigSource, type Json, numberIn } from '../source'

function sizeIn(json: Json): { readonly height: number; readonly width: number } | undefined {
  const value = json['sample_size']
  if (typeof value === 'number') return { height: value, width: value }
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [height, width] = value as readonly unknown[]
  return typeof height === 'number' && typeof width === 'number' ? { height, width } : undefined
}

function classesIn(json: Json, name: string): Clues['classes'] {
  const adaptive = numberIn(json, 'num_embeds_ada_norm')
  // DiT's table of labels has one more, for the class that is dropped in a tenth of training.
  if (classIn(json).startsWith('DiT') && adaptive !== undefined)
    return {
      value: { count: adaptive, labelDropout: true },
      why: `${name} says num_embeds_ada_norm ${adaptive}; a DiT has one more for no class`,
    }
  const embedded = numberIn(json, 'num_class_embeds')
  if (embedded === undefined) return undefined
  return {
    value: { count: embedded, labelDropout: false },
    why: `${name} says num_class_embeds ${embedded}`,
    doubt:
      'Whether its last class stands for no class is not said; if it does, there is one class less, and label dropout.',
  }
}

export const diffusersNetwork: ConfigSource = {
  id: 'diffusers-network',
  place: 10,
  recognises: (json) =>
    /(?:UNet\w*|Transformer\w*)Model$/.test(classIn(json)) || ('in_channels' in json && !('latent_channels' in json)),
  read(json, name) {
    const [channels, outputs] = [numberIn(json, 'in_channels'), numberIn(json, 'out_channels')]
    const size = sizeIn(json)
    const classes = classesIn(json, name)
    const fourier = json['time_embedding_type'] === 'fourier'
    const why = `${name} says time_embedding_type fourier: diffusers divides the output by σ, so it is a score`
    return {
      ...(channels !== undefined && { channels: { value: channels, why: `${name} says in_channels ${channels}` } }),
      ...(size && { size: { value: size, why: `${name} says sample_size ${size.height} × ${size.width}` } }),
      ...(channels !== undefined &&
        outputs !== undefined && {
          learnedVariance: {
            value: outputs === 2 * channels,
            why: `${name} says out_channels ${outputs} for in_channels ${channels}`,
          },
        }),
      ...(classes && { classes }),
      ...(fourier && {
        prediction: { value: complete(kindById(predictions, 'score')), why },
        schedule: { value: complete(kindById(schedules, 'sigma')), why },
      }),
    }
  },
}
