import type { About } from '../about'

export const about: About = {
  title: 'Open a model',
  what: 'Guide an ONNX diffusion network of your own, with its layers found and proved here.',
  place: 60,
}
