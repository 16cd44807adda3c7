import { expect, it } from 'vitest'
import { filesIn } from '../../../src/ui/share/folders'

const base = { filesystem: null as never, getParent: () => undefined }

function fileEntry(fullPath: string): FileSystemEntry {
  const name = fullPath.slice(fullPath.lastIndexOf('/') + 1)
  const entry = {
    ...base,
    isFile: true,
    isDirectory: false,
    name,
    fullPath,
    file: (done: (file: File) => void) => done(new File(['x'], name)),
  }
  return entry
}

/** As browsers do, it lists some at a time. */
function folderEntry(fullPath: string, inside: readonly FileSystemEntry[]): FileSystemEntry {
  const createReader = () => {
    const parts = [inside.slice(0, 2), inside.slice(2), []]
    return { readEntries: (done: (entries: FileSystemEntry[]) => void) => done([...(parts.shift() ?? [])]) }
  }
  const entry = { ...base, isFile: false, isDirectory: true, name: fullPath.slice(1), fullPath, createReader }
  return entry
}

it('finds all that is in folders, with paths', async () => {
  const inner = folderEntry('/net/unet', [fileEntry('/net/unet/model.onnx'), fileEntry('/net/unet/config.json')])
  const outer = folderEntry('/net', [fileEntry('/net/a.json'), fileEntry('/net/b.json'), inner])
  const found = await filesIn([outer, new File(['y'], 'beside.onnx')])
  expect(found.map(({ path }) => path)).toEqual([
    'net/a.json',
    'net/b.json',
    'net/unet/model.onnx',
    'net/unet/config.json',
    'beside.onnx',
  ])
})

it('ends where a whole disk was dropped, also one that holds itself', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => fileEntry(`/disk/${i}`))
  expect(await filesIn([folderEntry('/disk', many)])).toHaveLength(400)
  const inside: FileSystemEntry[] = []
  const self = folderEntry('/self', inside)
  inside.push(fileEntry('/self/a'), self)
  expect((await filesIn([self])).length).toBeLessThan(20)
})
