/** Which of a pipeline's graphs is which. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { roleOf, roleOfGraph } from '../../../src/engine/opened/roles'

const value = (name: string, dims: readonly (number | string)[], dtype = 'float32') => ({ name, dims, dtype })
const latent = value('sample', ['rows', 4, 'h', 'w'])
const image = value('image', ['rows', 3, 'h', 'w'])

describe('the role of a graph', () => {
  it.each([
    ['a U-Net', [latent, value('timestep', [], 'int64'), value('context', ['rows', 77, 768])], [latent], 'network'],
    ['a network of pixels', [image, value('t', ['rows'])], [image], 'network'],
    [
      'a decoder',
      [value('latent_sample', ['rows', 4, 'h', 'w'])],
      [value('sample', ['rows', 3, 'h8', 'w8'])],
      'decoder',
    ],
    ['the other half of it', [image], [value('latent_parameters', ['rows', 8, 'h', 'w'])], 'other'],
    ['a text encoder', [value('ids', ['rows', 77], 'int32')], [value('states', ['rows', 77, 768])], 'text-encoder'],
    [
      'a network of packed tokens',
      [value('hidden_states', ['rows', 24, 8])],
      [value('out', ['rows', 24, 8])],
      'network',
    ],
  ] as const)('%s', (_name, inputs, outputs, role) => {
    expect(roleOf({ inputs, outputs })).toBe(role)
  })

  it.each(['clip', 't5'])('transformers’ %s encoder', (name) => {
    const bytes = readFileSync(join(import.meta.dirname, '../../golden/texts', name, 'model.onnx'))
    expect(roleOfGraph(bytes)).toBe('text-encoder')
  })
})
