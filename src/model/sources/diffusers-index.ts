/** diffusers' model_index.json: which parts a pipeline has. It names classes, and no numbers. */
import { classIn, type ConfigSource } from '../source'

export const diffusersIndex: ConfigSource = {
  id: 'diffusers-index',
  place: 20,
  recognises: (json) => classIn(json).endsWith('Pipeline'),
  read(json, name) {
    if (!Array.isArray(json['vae']) || json['vae'][0] === null) return {}
    // The factor of Stable Diffusion 1 and 2, and of DiT, which use one autoencoder.
    return {
      latent: {
        value: { factor: 0.18215, shift: 0, decoder: null },
        why: `${name} lists an autoencoder, so x is a latent`,
        doubt: 'Its factor is that of Stable Diffusion 1; give the autoencoder’s config.json to be sure.',
      },
    }
  },
}
