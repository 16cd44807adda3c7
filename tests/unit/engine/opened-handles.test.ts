/** What a class adds to the embedding, of a shipped network without its own offset: found, proved, and as large as its manifest says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { openGraph } from '../../../src/engine/open-graph'
import { handled } from '../../../src/engine/opened/handles'
import { classFeeds, trialFeeds } from '../../../src/engine/opened/trial'
import { parseManifest } from '../../../src/model/manifest'
import { GraphEditor } from '../../../src/network/editor'
import { EMBEDDING_OFFSET } from '../../../src/network/handles/types'
import { copyModel, parseModel } from '../../../src/network/onnx'
import { attachWeights, readWeights } from '../../../src/network/weights'

const folder = join(import.meta.dirname, '../../../models/tiny')
const manifest = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
const runtime = { InferenceSession, Tensor }
const open = openGraph(runtime, null, { intraOpNumThreads: 1, logSeverityLevel: 4 })

/** Without the input that it is shipped with; `apart`: the classes act elsewhere, too. */
function bare(apart: boolean) {
  const model = parseModel(readFileSync(join(folder, 'graph.onnx')))
  attachWeights(model, readWeights(model, readFileSync(join(folder, 'weights.fp16.bin'))), 'inline')
  const editor = new GraphEditor(model)
  const adder = editor.consumers(EMBEDDING_OFFSET)[0]!
  const other = adder.input.find((name) => name !== EMBEDDING_OFFSET)!
  editor.replace(adder, other)
  model.graph!.input = model.graph!.input.filter(({ name }) => name !== EMBEDDING_OFFSET)
  if (apart) {
    const own = model.graph!.output[0]!.name
    editor.interpose(own, (made) => {
      const most = editor.add('ReduceMax', ['class_weights'], 'most', { attributes: { keepdims: { int: 1 } } })
      return editor.add('Mul', [made, editor.add('Add', [most, most], 'twice')], 'scaled')
    })
  }
  editor.finish()
  return model
}

async function found(original: ReturnType<typeof bare>) {
  const told = { ...manifest, inputs: manifest.inputs.filter(({ name }) => name !== EMBEDDING_OFFSET) }
  const feeds = trialFeeds(told, null, runtime)
  const { min, max } = told.sigma
  const levels = [0, 0.25, 0.5, 0.75, 1].map((share) => feeds(1, min * (max / min) ** share))
  const classes = { count: told.conditioning.classes.length, feeds: classFeeds(told, null, runtime) }
  const ask = { original, model: copyModel(original), open, feeds, batch: null, output: told.output.name, layers: [] }
  return handled({ ...ask, noise: 'noise_level', weights: null, levels, sample: 'x', classes }, [])
}

it('is what the family’s manifest says', async () => {
  const { embedding, refused } = await found(bare(false))
  expect(refused).toEqual([])
  expect(embedding?.classDeviation).toBeCloseTo(manifest.embedding!.classDeviation!, 3)
})

it('is refused where classes act elsewhere, too', async () => {
  const { embedding, refused } = await found(bare(true))
  expect(embedding).toMatchObject({ classDeviation: null })
  expect(refused).toEqual(['ICG’s Gaussian condition: an offset of the embedding does not do what a class does'])
})
