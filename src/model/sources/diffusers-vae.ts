/** diffusers' config.json of an autoencoder: by what latents are scaled and shifted. */
import { classIn, type ConfigSource, type Json, numberIn } from '../source'

function numbersIn(json: Json, key: string): readonly number[] | undefined {
  const value = json[key]
  return Array.isArray(value) && value.length > 0 && value.every((one): one is number => typeof one === 'number')
    ? value
    : undefined
}

export const diffusersVae: ConfigSource = {
  id: 'diffusers-vae',
  place: 5,
  recognises: (json) => /^(?:Autoencoder|VQModel)/.test(classIn(json)) || 'latent_channels' in json,
  read(json, name) {
    const scaling = numberIn(json, 'scaling_factor') ?? 1
    const [means, deviations] = [numbersIn(json, 'latents_mean'), numbersIn(json, 'latents_std')]
    const shift = means ?? numberIn(json, 'shift_factor') ?? 0
    const factor = deviations ? deviations.map((deviation) => scaling / deviation) : scaling
    const said = deviations
      ? 'latents_std and latents_mean'
      : `scaling_factor ${scaling}, shift_factor ${String(shift)}`
    return {
      latent: {
        value: { factor, shift, decoder: null },
        why: `${name} is of ${classIn(json) || 'an autoencoder'}: ${said}`,
      },
    }
  },
}
