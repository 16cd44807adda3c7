/**
 * `npm run bench-kernels`: the runner's kernels at the shapes of the avatars' network, with plain and with relaxed SIMD. CPU time, the least
 * of interleaved turns, so that it means something on a busy machine; GFLOP/s of a convolution are of its definition.
 */
import { hasRelaxed, instantiate, type Kernels } from '../../runner/kernels'

const CONVOLUTIONS = [
  { cin: 96, cout: 96, side: 16 },
  { cin: 192, cout: 96, side: 16 },
  { cin: 192, cout: 192, side: 8 },
  { cin: 384, cout: 192, side: 8 },
]
const PRODUCTS = [
  { m: 256, k: 96, n: 288 },
  { m: 64, k: 192, n: 576 },
]
const ATTENTIONS = [
  { tokens: 256, heads: 3 },
  { tokens: 64, heads: 6 },
]
const HEAD = 32
const ROWS = [1, 2, 4]
const TURNS = 20
/** Microseconds of a turn, and of the turns before the first that counts, in which the engine compiles. */
const [TURN, WARM] = [3000, 60000]

interface Job {
  readonly name: string
  readonly flops: number
  readonly run: () => void
  best: number
}

/** A memory that is filled with numbers between −½ and ½, and rooms in it one after the other. */
class Space {
  readonly memory = new WebAssembly.Memory({ initial: 1200 })
  private top = 1024
  constructor() {
    const floats = new Float32Array(this.memory.buffer)
    for (let i = 0; i < floats.length; i++) floats[i] = (Math.imul(i, 2654435761) | 0) / 2 ** 32
  }
  room(floats: number): number {
    const at = this.top
    this.top = Math.ceil((at + 4 * floats) / 64) * 64
    if (this.top > this.memory.buffer.byteLength) throw new Error('the memory of this bench is too small')
    return at
  }
}

const convolutions = (kernels: Kernels, space: Space): readonly Omit<Job, 'best'>[] =>
  CONVOLUTIONS.flatMap(({ cin, cout, side }) =>
    ROWS.map((rows) => {
      const pixels = rows * side * side
      const [x, y, weights] = [space.room(pixels * cin), space.room(pixels * cout), space.room(9 * cin * cout)]
      const packed = space.room(kernels.winogradPackedFloats(cin, cout))
      const scratch = space.room(kernels.winogradScratchFloats(rows, side, side, cin, cout))
      kernels.winogradPack(weights, cin, cout, packed)
      const run = () => kernels.winograd(x, packed, 0, 0, y, scratch, rows, side, side, cin, cout, 0)
      return { name: `${rows} × convolution ${cin} → ${cout} at ${side}²`, flops: 18 * pixels * cin * cout, run }
    }),
  )

const products = (kernels: Kernels, space: Space): readonly Omit<Job, 'best'>[] =>
  PRODUCTS.flatMap(({ m, k, n }) =>
    ROWS.map((rows) => {
      const [a, b, c] = [space.room(rows * m * k), space.room(k * n), space.room(rows * m * n)]
      const packed = space.room(kernels.packedFloats(k, n))
      kernels.pack(b, n, k, n, 0, packed)
      const run = () => kernels.gemm(a, k, packed, 0, 0, c, n, rows * m, n, k, 0)
      return { name: `${rows} × product [${m}, ${k}] [${k}, ${n}]`, flops: 2 * rows * m * k * n, run }
    }),
  )

const attentions = (kernels: Kernels, space: Space): readonly Omit<Job, 'best'>[] =>
  ATTENTIONS.map(({ tokens, heads }) => {
    const c = heads * HEAD
    const [q, k, v, out] = [0, 1, 2, 3].map(() => space.room(tokens * c)) as [number, number, number, number]
    const scratch = space.room(kernels.attentionScratchFloats(tokens, tokens, HEAD))
    const scale = HEAD ** -0.5
    const run = () => kernels.attention(q, c, k, c, v, c, out, c, 0, 0, heads, tokens, tokens, HEAD, scale, scratch)
    return { name: `attention of ${tokens} tokens, ${heads} heads`, flops: 4 * tokens * tokens * c, run }
  })

const spent = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Microseconds of one call, over at least so many. */
function time({ run }: Job, least: number): number {
  const begun = spent()
  let calls = 0
  while (calls === 0 || spent() - begun < least) {
    run()
    calls++
  }
  return (spent() - begun) / calls
}

const jobs = [false, true]
  .filter((relaxed) => !relaxed || hasRelaxed())
  .flatMap((relaxed) => {
    const space = new Space()
    const kernels = instantiate(space.memory, { relaxed })
    return [convolutions, products, attentions]
      .flatMap((kind) => kind(kernels, space))
      .map((job): Job => ({ ...job, name: `${relaxed ? 'relaxed' : 'plain  '} ${job.name}`, best: Infinity }))
  })
for (const job of jobs) time(job, WARM)
for (let turn = 0; turn < TURNS; turn++) for (const job of jobs) job.best = Math.min(job.best, time(job, TURN))
for (const { name, flops, best } of jobs) {
  console.log(
    `${name.padEnd(48)} ${(flops / best / 1e3).toFixed(1).padStart(6)} GFLOP/s ${best.toFixed(0).padStart(6)} µs`,
  )
}
