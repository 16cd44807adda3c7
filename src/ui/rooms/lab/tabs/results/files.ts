/** Results as files, and back: what writes each is loaded when it is asked for. */
import { readResults, resultLine, type Result } from '../../../../../lab/result'
import type { LabStorage } from '../../../../../storage/lab'
import { readImages } from '../../judged/images'
import { keyOfResult, type Row } from './rows'

interface Format {
  readonly label: string
  readonly name: string
  readonly type: string
  /** Null where there is nothing to write, which `nothing` explains. */
  readonly write: (rows: readonly Row[], storage: LabStorage) => Promise<Uint8Array<ArrayBuffer> | string | null>
  readonly nothing?: string
}

const resultsOf = (rows: readonly Row[]): readonly Result[] => rows.map(({ result }) => result)

async function features(rows: readonly Row[], storage: LabStorage) {
  const [{ npy }, { zipped }] = await Promise.all([
    import('../../../../../storage/npy'),
    import('../../../../../storage/zip'),
  ])
  const whole = (values: readonly number[]) => npy(Float64Array.from(values), [values.length])
  const files: Record<string, Uint8Array> = {}
  for (const { key, result } of rows) {
    const { judged } = await readImages(storage, key)
    const width = judged[0]?.features.length ?? 0
    if (judged.length === 0) continue
    const data = new Float32Array(judged.length * width)
    judged.forEach((own, i) => data.set(own.features, i * width))
    files[`${result.id}.features.npy`] = npy(data, [judged.length, width])
    files[`${result.id}.asked.npy`] = whole(judged.map(({ asked }) => asked ?? -1))
    files[`${result.id}.seen.npy`] = whole(judged.map(({ seen }) => seen))
    files[`${result.id}.index.npy`] = whole(judged.map(({ index }) => index))
  }
  return Object.keys(files).length === 0 ? null : zipped(files)
}

/** The columns of a table that both CSV and Parquet write. */
const columnsOf = async (rows: readonly Row[]) =>
  (await import('../../../../../lab/columns')).columnsOf(resultsOf(rows))

export const FORMAT_IDS = ['csv', 'jsonl', 'parquet', 'npz', 'svg'] as const
export type FormatId = (typeof FORMAT_IDS)[number]

export const FORMATS: Readonly<Record<FormatId, Format>> = {
  csv: {
    label: 'CSV',
    name: 'results.csv',
    type: 'text/csv',
    write: async (rows) => (await import('../../../../../lab/csv')).csv(await columnsOf(rows)),
  },
  jsonl: {
    label: 'JSON Lines',
    name: 'results.jsonl',
    type: 'application/x-ndjson',
    write: async (rows) => resultsOf(rows).map(resultLine).join(''),
  },
  parquet: {
    label: 'Parquet',
    name: 'results.parquet',
    type: 'application/vnd.apache.parquet',
    write: async (rows) => Uint8Array.from((await import('../../../../../lab/parquet')).parquet(await columnsOf(rows))),
  },
  npz: {
    label: 'Features, .npz',
    name: 'features.npz',
    type: 'application/zip',
    write: features,
    nothing: 'No images of these rows are kept here: draw them with Curves.',
  },
  svg: {
    label: 'Chart, SVG',
    name: 'results.svg',
    type: 'image/svg+xml',
    write: async (rows) => {
      const { chart } = await import('../../../../../lab/chart')
      return chart('Fréchet distance', 'frechet', resultsOf(rows))
    },
  },
}

/** The rows of a file of JSON Lines, kept beside those that are there; of a point that both have, what is of more images. Throws LabError. */
export async function take(text: string, storage: LabStorage, date: () => number): Promise<number> {
  const results = readResults(text)
  const there = new Map<string, number>()
  for (const { id, value } of await storage.all('results')) {
    if (typeof value === 'object' && value !== null && 'images' in value) there.set(id, Number(value.images))
  }
  const wanted = results.filter((result) => result.images >= (there.get(keyOfResult(result)) ?? 0))
  await storage.put({ results: wanted.map((value) => ({ id: keyOfResult(value), made: date(), value })) })
  return wanted.length
}
