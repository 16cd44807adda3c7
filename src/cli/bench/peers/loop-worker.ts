/** The plain loop in a page: onnxruntime-web and nothing of our engine, in two sessions or in one batch. */
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import { startWasm } from '../../../worker/runtimes/start-wasm'
import type { Order } from './order'
import type { RowInput, Work, WorkStep } from './work'

type Kind = 'positive' | 'negative'
const KINDS: readonly Kind[] = ['positive', 'negative']

interface Loop {
  readonly ort: Awaited<ReturnType<typeof startWasm>>
  readonly work: Work
  readonly plain: InferenceSession
  readonly controlled: InferenceSession
}

async function open(base: string, threads: number): Promise<Loop> {
  const ort = await startWasm(threads)
  const work: Work = await (await fetch(`${base}work.json`)).json()
  const load = async (name: string) =>
    ort.InferenceSession.create(new Uint8Array(await (await fetch(base + name)).arrayBuffer()), {
      executionProviders: ['wasm'],
    })
  return { ort, work, plain: await load(work.plain), controlled: await load(work.controlled) }
}

/** D of each x; `kinds` says of the controlled graph which are negatives. */
async function denoise({ ort, work, plain, controlled }: Loop, step: WorkStep, xs: Float32Array[], kinds?: Kind[]) {
  const each = xs[0]!.length
  const rowsOf = (rows: readonly RowInput[]): Tensor =>
    new ort.Tensor('float32', Float32Array.from(rows.flatMap(({ data }) => data)), [rows.length, ...rows[0]!.dims])
  const input = new Float32Array(xs.length * each)
  for (const [row, x] of xs.entries())
    for (let i = 0; i < each; i++) input[row * each + i] = step.scale * x[i]! + step.shift
  const feeds: Record<string, Tensor> = { [work.sample]: new ort.Tensor('float32', input, [xs.length, ...work.dims]) }
  for (const [name, entry] of Object.entries(step.told)) feeds[name] = rowsOf(xs.map(() => entry))
  for (const name of kinds ? Object.keys(work.controls.positive) : [])
    feeds[name] = rowsOf(kinds!.map((kind) => work.controls[kind][name]!))
  const { data } = (await (kinds ? controlled : plain).run(feeds))[work.output]!
  if (!(data instanceof Float32Array)) throw new Error('the output is not float32')
  return xs.map((x, row) => x.map((value, i) => step.skip * value + step.out * data[row * each + i]! + step.offset))
}

const euler = ({ sigma, next }: WorkStep, x: Float32Array, d: Float32Array) =>
  x.map((value, i) => d[i]! + (value - d[i]!) * (next / sigma))

/** Three trajectories, or the guided one only: two runs a step, or one. */
async function sample(loop: Loop, { alone, batch }: Order): Promise<Float32Array> {
  const start = Float32Array.from(loop.work.x)
  let [positive, negative, guided] = [start, start, start]
  for (const step of loop.work.steps) {
    const [plus, minus] = alone
      ? [
          [positive, guided],
          [negative, guided],
        ]
      : [[guided], [guided]]
    let ds: Float32Array[]
    if (batch) {
      const xs = plus.flatMap((x, i) => [x, minus[i]!])
      ds = await denoise(
        loop,
        step,
        xs,
        xs.map((_, i) => KINDS[i % 2]!),
      )
    } else {
      const first = await denoise(loop, step, plus)
      const second = await denoise(
        loop,
        step,
        minus,
        minus.map(() => 'negative'),
      )
      ds = first.flatMap((d, i) => [d, second[i]!])
    }
    if (alone) [positive, negative] = [euler(step, positive, ds[0]!), euler(step, negative, ds[1]!)]
    const [p, n] = [ds.at(-2)!, ds.at(-1)!]
    const pushed = p.map((value, i) => value + loop.work.guidance * (value - n[i]!))
    guided = euler(step, guided, pushed)
  }
  return guided
}

let opened: Promise<Loop> | null = null

self.addEventListener('message', ({ data }: MessageEvent<Order & { base: string; threads: number }>) => {
  opened ??= open(data.base, data.threads)
  opened
    .then(async (loop) => {
      const began = performance.now()
      const picture = await sample(loop, data)
      self.postMessage({
        from: performance.timeOrigin + began,
        to: performance.timeOrigin + performance.now(),
        picture,
      })
    })
    .catch((error: unknown) => self.postMessage(error instanceof Error ? error.message : String(error)))
})
