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
    const bytes = await embedTexts(encoder, prompts, inputs, { runtime, sessionOptions })
    const found = parseEmbeddings(bytes)
    expect(found.prompts).toEqual(prompts)
    for (const [i, prompt] of prompts.entries())
      for (const [key, output] of [['context', states] as const, ...(pooled ? [['pooled', pooled] as const] : [])])
        for (const [j, value] of found.of(key, prompt).entries()) expect(value).toBeCloseTo(output.values[i]![j]!, 5)
  })

  it('says what does not fit', async () => {
    const asked = embedTexts(encoder, [''], [input('context', [16, 999])], { runtime, sessionOptions })
    await expect(asked).rejects.toThrow('The network’s input context takes [rows, 16, 999], and the text encoder gives')
    expect(() => tokenIds({ tokenizer: { model: {} }, config: {} }, ['a'], null)).toThrow(
      'tokenizer.json can’t be read',
    )
  })
})
