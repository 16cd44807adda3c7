/** The file in which texts have their embeddings. */
import { describe, expect, it } from 'vitest'
import { parseEmbeddings } from '../../../src/model/embeddings'
import { safetensors } from '../../support/safetensors'

describe('a file of embeddings', () => {
  const sound = safetensors(['', 'a'], { t: { shape: [2, 1], data: Float32Array.of(1, 2) } })

  it.each([
    ['is cut off', sound.subarray(0, sound.length - 1), 't: its data is cut off'],
    ['is too short', sound.subarray(0, 5), 'it is too short'],
    ['is another file', new Uint8Array(100).fill(200), 'it is no safetensors file'],
    [
      'has fewer rows than texts',
      safetensors(['', 'a', 'b'], { t: { shape: [2, 1], data: Float32Array.of(1, 2) } }),
      'it has 2 rows for 3 texts',
    ],
    ['lists no texts', safetensors([], { t: { shape: [2, 1], data: Float32Array.of(1, 2) } }), 'no list “prompts”'],
  ])('that %s is refused', (_, bytes, message) => {
    expect(() => parseEmbeddings(bytes)).toThrow(message)
  })

  it('lacks what it lacks', () => {
    const read = parseEmbeddings(sound, 'p.safetensors')
    expect([...read.of('t', 'a')]).toEqual([2])
    expect(() => read.of('t', 'b')).toThrow('p.safetensors has no text “b”')
    expect(() => read.of('u', 'a')).toThrow('p.safetensors has nothing for the input u')
  })
})
