/** The golden runs of a model, from tests/golden or a folder like it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseGoldenRuns, type GoldenRun } from './golden-runs'

const GOLDEN = join(import.meta.dirname, '..', 'golden')

export function goldenRuns(model: string, folder: string = GOLDEN): readonly GoldenRun[] {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, `methods-${model}.bin`))
  return parseGoldenRuns(
    readFileSync(join(folder, `methods-${model}.json`), 'utf8'),
    buffer.slice(byteOffset, byteOffset + byteLength),
  )
}
