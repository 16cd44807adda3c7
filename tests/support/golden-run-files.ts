/** The golden runs of a model, from tests/golden or a folder like it: its own file, and one a method in `methods/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseGoldenRuns, type GoldenRun } from './golden-runs'

const GOLDEN = join(import.meta.dirname, '..', 'golden')

/** A run, and the pair of files FILE.json and FILE.bin that holds it. */
export interface StoredGoldenRun extends GoldenRun {
  readonly file: string
}

export function goldenRuns(model: string, folder: string = GOLDEN): readonly StoredGoldenRun[] {
  const methods = join(folder, 'methods')
  const ofMethods = existsSync(methods)
    ? readdirSync(methods)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => `methods/${name.slice(0, -'.json'.length)}`)
    : []
  return [`methods-${model}`, ...ofMethods].flatMap((file) => {
    const index = readFileSync(join(folder, `${file}.json`), 'utf8')
    if ((JSON.parse(index) as { readonly model: string }).model !== model) return []
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, `${file}.bin`))
    return parseGoldenRuns(index, buffer.slice(byteOffset, byteOffset + byteLength)).map((run) => ({ ...run, file }))
  })
}
