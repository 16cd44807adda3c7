import { unzipSync } from 'fflate'
import { decode, decodeApng } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { npy } from '../../../src/storage/npy'
import { encodeApng } from '../../../src/storage/apng'
import { pngChunks } from '../../../src/storage/png-chunks'
import { npzOfRun, tensorsOfRun } from '../../../src/storage/tensors'
import { finals, model, record, settings } from '../ui/fixtures'

const picture = (seed: number) => ({
  width: 5,
  height: 3,
  data: Uint8Array.from(normals(seed, 0, 45), (value) => 128 + 40 * value),
})

describe('pictures', () => {
  it('move as they were given, and the first one stands for all', async () => {
    const images = [1, 2, 3].map(picture)
    const png = await encodeApng(images.map((image, i) => ({ image, milliseconds: 100 * (i + 1) })))
    const { frames } = decodeApng(png, { checkCrc: true })
    expect(frames.map(({ data }) => [...data])).toEqual(images.map(({ data }) => [...data]))
    expect(frames.map(({ delayNumber, delayDenominator }) => delayNumber / delayDenominator)).toEqual([0.1, 0.2, 0.3])
    expect([...decode(png).data]).toEqual([...images[0]!.data])
    // Readers that are stricter want the numbers of controls and data in the order of the file.
    const numbered = [...pngChunks(png)].filter(({ type }) => type === 'fcTL' || type === 'fdAT')
    const sequence = numbered.map(({ data }) => new DataView(data.buffer, data.byteOffset).getUint32(0))
    expect(sequence).toEqual([0, 1, 2, 3, 4])
  })
})

describe('tensors', () => {
  const run = {
    settings: { ...settings, samples: 2, image: 3 },
    records: [0, 1].map((index) => record(index, { ...settings, samples: 2 }, index === 0 ? null : 0.1)),
    final: finals({ ...settings, samples: 2 }),
  }
  const named = new Map(tensorsOfRun(run, model.image).map((tensor) => [tensor.name, tensor]))

  it('have the noise that the run began with, and NaN where no negative was evaluated', () => {
    expect(named.get('noise')?.shape).toEqual([2, 3, 4, 6])
    expect(named.get('noise')?.data.slice(72)).toEqual(normals(settings.seed, 4, 72))
    expect(named.get('D_neg')?.shape).toEqual([2, 2, 3, 4, 6])
    expect(Number.isNaN(named.get('D_neg')?.data[143])).toBe(true)
    expect(named.get('D_neg')?.data.slice(144, 216)).toEqual(run.records[1]!.samples[0]!.predictionNegative)
    expect(named.get('guided')?.data.slice(72)).toEqual(run.final[1]!.guided)
    expect([...named.get('sigma')!.data]).toEqual([...run.records.map(({ sigma }) => sigma), 0])
  })

  it('are in the archive, a file each, with the settings', () => {
    const files = unzipSync(npzOfRun(run, model.image))
    expect(Object.keys(files)).toEqual([...[...named.keys()].map((name) => `${name}.npy`), 'settings.json'])
    for (const { name, data, shape } of named.values()) expect(files[`${name}.npy`]).toEqual(npy(data, shape))
    expect(JSON.parse(new TextDecoder().decode(files['settings.json']))).toMatchObject({ samples: 2, image: 3 })
  })
})
