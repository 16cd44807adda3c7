/** Texts become the embeddings that transformers computes: token ids, and what small encoders of CLIP's and T5's form make of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { embedTexts, tokenIds, type TextEncoder } from '../../../src/engine/opened/texts'
import type { ModelInput } from '../../../src/model/description'
import { parseEmbeddings } from '../../../src/model/embeddings'

const folder = join(import.meta.dirname, '../../golden/texts')
const json = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))

interface Output {
  readonly shape: readonly number[]
  readonly values: readonly (readonly number[])[]
}
interface Golden {
  readonly ids: readonly (readonly number[])[]
  readonly last_hidden_state: Output
  readonly text_embeds?: Output
}
const golden: { prompts: string[]; length: number; clip: Golden; t5: Golden } = json('golden.json')
const runtime = { InferenceSession, Tensor }
const sessionOptions = { executionProviders: ['cpu'] }

const encoderOf = (name: string): TextEncoder => ({
  graph: { file: 'model.onnx', bytes: readFileSync(join(folder, name, 'model.onnx')) },
  data: {},
  tokenizer: json(`${name}/tokenizer.json`),
  config: json(`${name}/tokenizer_config.json`),
})
const input = (name: string, dims: readonly number[]): ModelInput => ({
  name,
  meaning: 'embedding',
  dtype: 'float32',
  dims: ['rows', ...dims],
})

describe.each(['clip', 't5'] as const)('%s', (name) => {
  const encoder = encoderOf(name)
  const { ids, last_hidden_state: states, text_embeds: pooled } = golden[name]

  it('gives the token ids of transformers, cut and filled up', () => {
    const { prompts, length } = golden
    expect(tokenIds(encoder, prompts, length).map((text) => text.ids)).toEqual(ids)
    expect(tokenIds(encoder, prompts, null).map((text) => text.ids)).toEqual(ids)
  })

  it('embeds as transformers does', async () => {
    const { prompts } = golden
    const inputs = [input('context', states.shape), ...(pooled ? [input('pooled', pooled.shape)] : [])]
    const bytes = await embedTexts([encoder], prompts, inputs, { runtime, sessionOptions })
    const found = parseEmbeddings(bytes)
    expect(found.prompts).toEqual(prompts)
    for (const [i, prompt] of prompts.entries())
      for (const [key, output] of [['context', states] as const, ...(pooled ? [['pooled', pooled] as const] : [])])
        for (const [j, value] of found.of(key, prompt).entries()) expect(value).toBeCloseTo(output.values[i]![j]!, 5)
  })

  it('says what does not fit', async () => {
    const asked = embedTexts([encoder], [''], [input('context', [16, 999])], { runtime, sessionOptions })
    await expect(asked).rejects.toThrow('The network’s input context takes [rows, 16, 999], and the text encoder gives')
    expect(() => tokenIds({ tokenizer: { model: {} }, config: {} }, ['a'], null)).toThrow(
      'tokenizer.json can’t be read',
    )
  })
})

describe('several encoders', () => {
  const told: { prompts: string[] } & Record<string, [tokens: Output, whole: Output]> = json('pipelines/golden.json')
  const one = (path: string, tokenizer: 'clip' | 't5'): TextEncoder => ({
    ...encoderOf(tokenizer),
    graph: { file: 'model.onnx', bytes: readFileSync(join(folder, 'pipelines', path, 'model.onnx')) },
  })
  const xl = [one('xl/text_encoder', 'clip'), one('xl/text_encoder_2', 'clip')]
  const sd3 = [one('sd3/text_encoder', 'clip'), one('sd3/text_encoder_2', 'clip')]

  it.each([
    ['xl', xl, [16, 36], [14]],
    ['sd3', [...sd3, one('sd3/text_encoder_3', 't5')], [32, 40], [24]],
    ['sd3-without-t5', sd3, [32, 40], [24]],
  ] as const)('of %s are put together as diffusers does', async (name, encoders, tokens, whole) => {
    const inputs = [input('encoder_hidden_states', tokens), input('pooled', whole)]
    const found = parseEmbeddings(await embedTexts(encoders, told.prompts, inputs, { runtime, sessionOptions }))
    for (const [at, key] of ['encoder_hidden_states', 'pooled'].entries()) {
      const { shape, values } = told[name]![at]!
      expect(found.shapes.get(key)).toEqual(shape)
      for (const [i, prompt] of told.prompts.entries())
        for (const [j, value] of found.of(key, prompt).entries()) expect(value).toBeCloseTo(values[i]![j]!, 4)
    }
  })

  it('each gives its own where their network asks so', async () => {
    const encoders = [one('xl/text_encoder', 'clip'), one('sd3/text_encoder_3', 't5')]
    const inputs = [input('encoder_hidden_states', [16, 40]), input('pooled', [16])]
    const found = parseEmbeddings(await embedTexts(encoders, ['', 'a red ball'], inputs, { runtime, sessionOptions }))
    expect(found.shapes.get('encoder_hidden_states')).toEqual([golden.length, 40])
    expect(found.shapes.get('pooled')).toEqual([16])
  })

  it('in no pipeline that is known are said to be, and what lacks the state before the last', async () => {
    const inputs = [input('encoder_hidden_states', [16, 37]), input('pooled', [14])]
    const asked = embedTexts(xl, ['a'], inputs, { runtime, sessionOptions })
    await expect(asked).rejects.toThrow('put together as in no pipeline that is known here')
    const plain = [encoderOf('clip'), encoderOf('clip')]
    const wide = [input('encoder_hidden_states', [16, 32]), input('pooled', [12])]
    await expect(embedTexts(plain, ['a'], wide, { runtime, sessionOptions })).rejects.toThrow(
      'takes the one before the last',
    )
  })
})
