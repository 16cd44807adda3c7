/** Files of models from strangers: each is looked at, or refused in a sentence, and nothing else happens. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Answer, parseAnswer } from '../../../src/worker/opener/messages'
import { ModelOpener } from '../../../src/worker/opener/opener'
import { damaged, mutated, tries } from '../../support/fuzz'

const graph = Uint8Array.from(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'models', 'tiny', 'graph-8.onnx')),
)
const manifest: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'models', 'tiny', 'manifest.json'), 'utf8'),
)
const bytesOf = (json: unknown) => new TextEncoder().encode(JSON.stringify(json) ?? '')

async function look(files: readonly (readonly [string, Uint8Array])[]): Promise<Answer> {
  const said: Answer[] = []
  const opener = new ModelOpener({
    post: (answer) => said.push(parseAnswer(answer)),
    start: () => Promise.reject(new Error('nothing is run')),
    now: () => 0,
  })
  const brought = files.map(([path, bytes]) => ({ path, file: new File([Uint8Array.from(bytes)], path) }))
  await opener.handle({ kind: 'look', id: 1, files: brought, graph: files[0]![0] })
  return said.at(-1)!
}

it('looks at damaged graphs and descriptions, or says in a sentence why not', async () => {
  const scheduler = { _class_name: 'DDPMScheduler', beta_schedule: 'linear', prediction_type: 'epsilon' }
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.constant(graph), damaged(graph)),
      mutated(scheduler),
      mutated(manifest),
      fc.oneof(fc.constant(new Uint8Array()), damaged(bytesOf({ prompts: [''] }))),
      async (network, config, told, texts) => {
        const answer = await look([
          ['net.onnx', network],
          ['scheduler_config.json', bytesOf(config)],
          ['manifest.json', bytesOf(told)],
          ['texts.safetensors', texts],
          ['other.onnx', texts],
        ])
        expect(['looked', 'failed']).toContain(answer.kind)
        if (answer.kind === 'failed') expect(answer.message).toMatch(/\S.*\.$/s)
      },
    ),
    tries(60),
  )
})
