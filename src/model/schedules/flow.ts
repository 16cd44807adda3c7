/**
 * Flow time: the network gets x_t = x/(1 + σ) = (1 − t) data + t noise, and is told t = σ/(1 + σ) times a factor. At t = 1, where σ
 * would be infinite, the highest σ of a run stands in; the error is 1/σ.
 */
import type { ScheduleKind } from '../schedule'

/** t = 0.99999: what is left of the image is below a hundred-thousandth. */
const HIGHEST = 99_999

export const flow: ScheduleKind = {
  id: 'flow',
  name: 'Flow time',
  help: 'The network is told the time of a straight path from image to noise, as in SD3, Flux, SiT and rectified flows.',
  equation: String.raw`F\Bigl(\tfrac{x}{1+\sigma};\ c\,\tfrac{\sigma}{1+\sigma}\Bigr),\quad t = \tfrac{s\,u}{1+(s-1)\,u}`,
  source: { text: 'Esser et al. 2024, section 3 and eq. 23', url: 'https://arxiv.org/abs/2403.03206' },
  place: 30,
  spacing: 'time',
  parameters: [
    {
      kind: 'number',
      key: 'factor',
      label: 'Told t times',
      help: 'What t is multiplied by before the network is told: 1000 in diffusers, 1 where it takes t itself.',
      default: 1000,
      min: 1e-6,
      max: 1e6,
    },
    {
      kind: 'number',
      key: 'shift',
      label: 'Shift',
      help: 'Times of sampling are moved towards the noise by this factor; 1 spaces them evenly. It changes no prediction.',
      default: 1,
      min: 0.01,
      max: 100,
    },
    {
      kind: 'flag',
      key: 'reversed',
      label: 't = 1 is the image',
      help: 'The network is told 1 − t: its time runs from noise to image, as in SiT and torchcfm.',
      default: false,
    },
  ],
  of(parameters) {
    const [factor, shift] = [Number(parameters.factor), Number(parameters.shift)]
    const mirrored = (t: number) => (parameters.reversed === true ? 1 - t : t)
    return {
      scale: (sigma) => 1 / (1 + sigma),
      told: (sigma) => factor * mirrored(sigma / (1 + sigma)),
      sigma(time) {
        const t = mirrored(time / factor)
        return t / (1 - t)
      },
      range: { min: 0.001 / 0.999, max: HIGHEST },
      even: {
        from(time) {
          const t = mirrored(time / factor)
          return t / (shift - (shift - 1) * t)
        },
        to: (even) => factor * mirrored((shift * even) / (1 + (shift - 1) * even)),
      },
    }
  },
}
