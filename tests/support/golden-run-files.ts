/** The golden runs of a model, from tests/golden. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseGoldenRuns, type GoldenRun } from './golden-runs'

export const GOLDEN = join(import.meta.dirname, '..', 'golden')

export function goldenRuns(model: string): readonly GoldenRun[] {
  const data = readFileSync(join(GOLDEN, `methods-${model}.bin`))
  const { buffer, byteOffset, byteLength } = data
  return parseGoldenRuns(readFileSync(join(GOLDEN, `methods-${model}.json`), 'utf8'), buffer.slice(byteOffset, byteOffset + byteLength))
}
