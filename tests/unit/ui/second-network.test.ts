/** Which files are read of a worse network beside a kept model: all exporters call their graphs `model.onnx`. */
import { expect, it } from 'vitest'
import { readModel } from '../../../src/cli/models'
import { keptOf } from '../../../src/model/kept'
import type { OpenedModels } from '../../../src/storage/opened-models'
import { addSecond } from '../../../src/ui/rooms/open/second'
import type { Opener } from '../../../src/worker/opener/client'

const model = readModel('tiny')
const file = (path: string, says: string) => ({ path, file: new File([says], path) })
const original = file('model.onnx', 'the first')

/** What the worker is asked to read, path by path. */
async function readOf(files: readonly ReturnType<typeof file>[]) {
  const kept = { id: model.id, model: keptOf(model), manifest: {} }
  const models = { list: () => Promise.resolve([kept]) } as unknown as OpenedModels
  const asked: Parameters<Opener['add']>[0][] = []
  const opener = {
    add: (order: (typeof asked)[number]) => {
      asked.push(order)
      return Promise.reject(new Error('enough'))
    },
  }
  const watch = { signal: new AbortController().signal, onProgress: () => undefined }
  await expect(addSecond({ opener, models }, { id: model.id, files, graph: null, original }, watch)).rejects.toThrow(
    'enough',
  )
  const { graph, files: read } = asked[0]!
  return [graph, ...(await Promise.all(read.map(async ({ path, file: own }) => `${path}: ${await own.text()}`)))]
}

it('is its own graph, though it is called as the first one', async () => {
  expect(await readOf([file('model.onnx', 'the second')])).toEqual(['model.onnx', 'model.onnx: the second'])
})

it('is the first one’s graph where only weights were brought', async () => {
  expect(await readOf([file('model.onnx.data', 'weights')])).toEqual([
    'model.onnx',
    'model.onnx: the first',
    'model.onnx.data: weights',
  ])
})
