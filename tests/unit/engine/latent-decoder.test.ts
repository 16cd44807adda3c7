/** The decoder of latents gets x / factor + shift, by channel, and its picture has its own size. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { LatentDecoder } from '../../../src/engine/latent-decoder'
import { doublingDecoder } from '../../support/decoder'

const runtime = { InferenceSession, Tensor }

const image = { channels: 2, height: 1, width: 2 }
const make = (latent: { factor: number | readonly number[]; shift: number | readonly number[] }, size = image) =>
  LatentDecoder.create({ graph: doublingDecoder(), weights: {}, latent, image: size, runtime })
const x = Float32Array.of(1, 2, 10, 20)

describe('the decoder of latents', () => {
  it.each([
    ['numbers', { factor: 2, shift: 1 }, [1.5, 2, 6, 11]],
    ['lists', { factor: [1, 10], shift: [0.5, -1] }, [1.5, 2.5, 0, 1]],
  ])('gets x / factor + shift, told as %s', async (_name, latent, [a, b, c, d]) => {
    const made = await make(latent)
    const { height, width, image: picture } = await made.decode(x)
    expect([height, width]).toEqual([2, 4])
    const lines = (left: number, right: number) => [left, left, right, right, left, left, right, right]
    expect(Array.from(picture)).toEqual([...lines(a!, b!), ...lines(c!, d!), ...lines(a! + c!, b! + d!)])
    await made.release()
  })

  it('refuses what is no decoder of such latents', async () => {
    await expect(make({ factor: 1, shift: 0 }, { ...image, channels: 4 })).rejects.toThrow(
      'the decoder takes latents of 2 channels, and x has 4',
    )
    const made = await make({ factor: 1, shift: 0 })
    await expect(made.decode(x.slice(1))).rejects.toThrow('a latent has 2 × 1 × 2 values, not 3')
    await made.release()
  })
})
