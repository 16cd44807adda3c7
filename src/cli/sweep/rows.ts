/** How many rows of each network an image takes, counted by sampling with a network that answers nothing: what is asked follows from the settings. */
import type { Denoiser, DenoiserRow, ModelInfo, VisionModel } from '../../model/types'
import { sample } from '../../sampling/sample'
import type { Settings } from '../../settings/types'

/** By the network's id. A row on a part of the picture counts as that part. */
export type Rows = Readonly<Record<string, number>>

export async function rowsOf(settings: Settings, model: ModelInfo): Promise<Rows> {
  const { height, width } = model.image
  const counts: Record<string, number> = {}
  const count = ({ network, size }: DenoiserRow) => {
    const id = network?.id ?? model.networks[0]!.id
    counts[id] = (counts[id] ?? 0) + (size ? (size.height * size.width) / (height * width) : 1)
  }
  const denoiser: Denoiser = {
    model,
    async evaluate(rows) {
      rows.forEach(count)
      return rows.map(({ x }) => new Float32Array(x.length))
    },
    async readAttention(rows, index) {
      rows.forEach(count)
      const layer = model.layers[index]!
      const tokens = layer.height * layer.width
      return rows.map(({ x }) => ({
        denoised: new Float32Array(x.length),
        map: new Float32Array(tokens * tokens).fill(1 / tokens),
        received: new Float32Array(layer.heads * tokens).fill(1),
      }))
    },
  }
  const vision: VisionModel = {
    async saliency(images) {
      return { height: 8, width: 8, maps: images.map(() => new Float32Array(64)) }
    },
  }
  for await (const event of sample({ denoiser, settings: { ...settings, samples: 1 }, alone: [], vision }))
    if (event.kind === 'final') break
  return counts
}

export const totalOf = (rows: Rows): number => Object.values(rows).reduce((sum, count) => sum + count, 0)
