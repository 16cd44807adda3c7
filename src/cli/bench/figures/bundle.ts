import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Figure } from '../figure'

const KINDS: Readonly<Record<string, string>> = { '.js': 'JavaScript', '.css': 'styles', '.wasm': 'WebAssembly' }

export const bundle: Figure = {
  id: 'bundle',
  title: 'Size of the build',
  order: 9,
  rounds: 1,
  note: 'All files of the built page by kind, whether a visit fetches them or not; not the models.',
  async measure({ served: { directory } }) {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .filter((file) => !file.startsWith(join(directory, 'models')))
    return Object.entries(KINDS).flatMap(([extension, kind]) => {
      const contents = files.filter((file) => extname(file) === extension).map((file) => readFileSync(file))
      const sum = (size: (content: Buffer) => number) => contents.reduce((total, content) => total + size(content), 0)
      return [
        { line: `${kind}, raw`, unit: 'bytes' as const, value: sum((content) => content.byteLength) },
        { line: `${kind}, gzip`, unit: 'bytes' as const, value: sum((content) => gzipSync(content).byteLength) },
      ]
    })
  },
}
