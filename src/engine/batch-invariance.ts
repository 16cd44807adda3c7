/** Whether what a row gives depends on its company: where it does not, results of different batches may be mixed. */
import { normals } from '../core/random'
import type { DenoiserRow, ModelInfo } from '../model/types'

/** Rows that differ in noise, noise level, class and controls. */
export function trialRows(model: ModelInfo, { channels, height, width }: ModelInfo['image']): readonly DenoiserRow[] {
  const { dataDeviation: sigmaData } = model
  const classes = model.conditioning.classes.length
  return [0.05, 0.6, 4, 60].map((sigma, i): DenoiserRow => {
    const classWeights = new Float32Array(classes)
    classWeights[i % classes] = 1
    return {
      x: normals(1, i, channels * height * width).map((value) => value * Math.hypot(sigma, sigmaData)),
      sigma,
      classWeights,
      attention:
        i % 2 === 0 ? null : model.layers.map(({ index }) => (index % 2 === 0 ? { mix: 0.5 } : { querySigma: 1 })),
    }
  })
}

const same = (a: readonly Float32Array[], b: readonly Float32Array[]) =>
  a.every((row, i) => row.every((value, j) => Object.is(value, b[i]![j])))

/** Whether a row's result is the same to the bit alone and in batches of 2, 4 and 8, at every place. `pause` is waited for before each batch. */
export async function batchInvariant(
  run: (rows: readonly DenoiserRow[]) => Promise<readonly Float32Array[]>,
  model: ModelInfo,
  image: ModelInfo['image'],
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  const evaluate = async (batch: readonly DenoiserRow[]) => {
    await pause()
    return run(batch)
  }
  const rows = trialRows(model, image)
  const all = await evaluate(rows)
  for (const [i, row] of rows.entries()) if (!same(await evaluate([row]), [all[i]!])) return false
  const turned = [3, 0, 1, 2]
  const turnedRows = turned.map((i) => rows[i]!)
  const wanted = turned.map((i) => all[i]!)
  if (!same(await evaluate(turnedRows), wanted)) return false
  if (!same(await evaluate([...rows, ...turnedRows]), [...all, ...wanted])) return false
  return same(await evaluate([rows[1]!, rows[0]!]), [all[1]!, all[0]!])
}
