/** 5: the open question, which layers. */
import { layers as layersShape } from '../../measured/shapes/layers'
import type { Section } from '../section'

export const layers: Section = {
  id: 'layers',
  order: 5,
  title: 'Which layers?',
  says: [
    'SAG, PAG and SEG all act on attention layers, and each paper names the ones that worked in its own network. What is right for a network of another size, or of another kind, the article asks and leaves open.',
    'Here one layer at a time was broken, from the first to the last, everything else alike. Compare the two figures: do the methods agree on which layer to choose?',
  ],
  methods: [],
  claims: [],
  figures: [
    {
      kind: 'lines',
      id: 'pag-layers',
      sweeps: ['pag-layers'],
      title: 'PAG in one layer, at s = 0.5',
      shape: layersShape,
      along: 'layers',
      lines: [{ label: 'PAG', asked: () => ({ method: 'pag', scale: 0.5, layers: [0] }) }],
      paper: 'PAG’s authors take layers in the middle of the U-Net; the article only notes that they had to be picked.',
    },
    {
      kind: 'lines',
      id: 'seg-layers',
      sweeps: ['seg-layers'],
      title: 'SEG in one layer, at s = 0.5 and σ = 1',
      shape: layersShape,
      along: 'layers',
      lines: [{ label: 'SEG', asked: () => ({ method: 'seg', scale: 0.5, sigma: 1, layers: [0] }) }],
      paper: 'SEG’s author takes the middle block, too. The article calls the choice a hidden limit of the method.',
    },
  ],
}
