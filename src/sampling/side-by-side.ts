/** Runs several samplers at once on one denoiser, so that images of different classes and seeds share each run of the network. */
import type { AttentionReading, Denoiser, DenoiserRow } from '../model/types'
import { onceEach, type RowCount, type RowMemory } from './alike'

type Request = {
  readonly task: number
  readonly rows: readonly DenoiserRow[]
  readonly reject: (reason: unknown) => void
} & (
  | { readonly layer: null; readonly resolve: (result: Float32Array[]) => void }
  | { readonly layer: number; readonly resolve: (result: AttentionReading[]) => void }
)

/**
 * Calls each task with a denoiser of its own. An evaluation waits until every task that is not done has asked for one; then all rows go to
 * `denoiser` in the order of the tasks, whoever asked first; one that several ask for is evaluated once. A task that waits for another one
 * therefore waits for ever. `counted` hears after each batch what was asked and evaluated so far; what `memory` knows of earlier calls is
 * not evaluated again.
 */
export async function sideBySide<T>(
  batches: Denoiser,
  tasks: readonly ((own: Denoiser) => Promise<T>)[],
  counted?: (count: Readonly<RowCount>) => void,
  memory: RowMemory | null = null,
): Promise<T[]> {
  const denoiser = onceEach(batches, counted, memory)
  let active = tasks.length
  let waiting: Request[] = []

  const answer = async (requests: readonly Request[]) => {
    try {
      const plain = requests.filter((request) => request.layer === null)
      if (plain.length > 0) {
        const results = await denoiser.evaluate(plain.flatMap(({ rows }) => rows))
        for (const { rows, resolve } of plain) resolve(results.splice(0, rows.length))
      }
      const reading = requests.filter((request) => request.layer !== null)
      for (const layer of new Set(reading.map((request) => request.layer))) {
        const alike = reading.filter((request) => request.layer === layer)
        const results = await denoiser.readAttention(
          alike.flatMap(({ rows }) => rows),
          layer,
        )
        for (const { rows, resolve } of alike) resolve(results.splice(0, rows.length))
      }
    } catch (error) {
      for (const { reject } of requests) reject(error)
    }
  }
  const answerIfAllWait = () => {
    if (waiting.length === 0 || waiting.length < active) return
    const requests = [...waiting].sort((a, b) => a.task - b.task)
    waiting = []
    void answer(requests)
  }
  const ask = (request: Request) => {
    waiting.push(request)
    answerIfAllWait()
  }

  return await Promise.all(
    tasks.map(async (run, task) => {
      try {
        return await run({
          model: denoiser.model,
          evaluate: (rows) => new Promise((resolve, reject) => ask({ task, rows, layer: null, resolve, reject })),
          readAttention: (rows, layer) => new Promise((resolve, reject) => ask({ task, rows, layer, resolve, reject })),
        })
      } finally {
        active -= 1
        answerIfAllWait()
      }
    }),
  )
}
