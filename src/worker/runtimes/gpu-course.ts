/** What a GPU computes of a course beside the network, in two kernels: the network's input from a step's points; D from its output, and the next points. */
import type { StepNumbers } from '../../engine/going-ahead'

/** Numbers of a run begin with these, and go on with eight for each row and the shares of the next points. */
const HEAD = 8
const ROW = 8
const GROUP = 64

const KERNELS = /* wgsl */ `
@group(0) @binding(0) var<storage, read> numbers: array<f32>;
@group(0) @binding(1) var<storage, read> points: array<f32>;
@group(0) @binding(2) var<storage, read_write> image: array<f32>;
@group(0) @binding(3) var<storage, read> network: array<f32>;
@group(0) @binding(4) var<storage, read_write> denoised: array<f32>;
@group(0) @binding(5) var<storage, read_write> reached: array<f32>;

fn number(at: u32) -> u32 { return u32(numbers[at]); }

@compute @workgroup_size(${GROUP}) fn before(@builtin(global_invocation_id) id: vec3u) {
  let values = number(0);
  if (id.x >= values) { return; }
  let row = ${HEAD} + ${ROW} * id.y;
  image[id.y * values + id.x] = numbers[row + 2] * points[number(row) * values + id.x] + numbers[row + 3];
}

@compute @workgroup_size(${GROUP}) fn after(@builtin(global_invocation_id) id: vec3u) {
  let values = number(0);
  let i = id.x;
  if (i >= values) { return; }
  for (var r = 0u; r < number(1); r++) {
    let row = ${HEAD} + ${ROW} * r;
    let x = points[number(row) * values + i];
    let output = network[r * number(2) + i];
    denoised[number(row + 1) * values + i] = numbers[row + 4] * x + numbers[row + 5] * output + numbers[row + 6];
  }
  var at = number(6);
  for (var p = 0u; p < number(5); p++) {
    var sum = 0.0;
    for (var q = 0u; q < number(3) + number(4); q++) {
      let share = numbers[at];
      at++;
      // What a point has no share of may be infinite.
      if (share == 0) { continue; }
      if (q < number(3)) { sum += share * points[q * values + i]; }
      else { sum += share * denoised[(q - number(3)) * values + i]; }
    }
    reached[p * values + i] = sum;
  }
}
`

/** What a graph calls its image and its output, and how many values of the output a row has for each of its image. */
export interface Names {
  readonly image: string
  readonly output: string
  readonly stride: number
}

/** A course, and what takes it. */
export interface Task {
  readonly steps: readonly StepNumbers[]
  /** Where it begins. */
  readonly points: readonly Float32Array[]
  /** Of every run. */
  readonly rows: number
  readonly names: Names
}

/** The numbers of one run; those of a step's last run have the shares of the next points. */
export function runNumbers(step: StepNumbers, run: number, { points, rows, names }: Task): Float32Array {
  const asked = step.runs[run]!
  const next = run === step.runs.length - 1 ? step.next : []
  const values = points[0]!.length
  const of = { points: pointsOf(step), rows: rowsOf(step), shares: HEAD + ROW * rows }
  const filled = Array.from({ length: rows }, (_, i) => asked[Math.min(i, asked.length - 1)]!)
  const head = [values, asked.length, values * names.stride, of.points, of.rows, next.length, of.shares, 0]
  const numbers = filled.flatMap(({ point, place, skip, out, offset, ...row }) => {
    return [point, place, row.in, row.inOffset, skip, out, offset, 0]
  })
  return Float32Array.from([head, numbers, ...next.map((shares) => [...shares])].flat())
}

export const rowsOf = ({ runs }: StepNumbers) => runs.reduce((sum, run) => sum + run.length, 0)
export const pointsOf = (step: StepNumbers) => step.next[0]!.length - rowsOf(step)

/** The kernels on a device. */
export class CourseKernels {
  readonly #before: GPUComputePipeline
  readonly #after: GPUComputePipeline

  constructor(readonly device: GPUDevice) {
    const module = device.createShaderModule({ label: 'course', code: KERNELS })
    const pipeline = (entryPoint: string, types: Readonly<Record<number, GPUBufferBindingType>>) => {
      const entries = Object.entries(types).map(([binding, type]) => ({
        binding: Number(binding),
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type, hasDynamicOffset: binding === '0' },
      }))
      const layout = device.createPipelineLayout({ bindGroupLayouts: [device.createBindGroupLayout({ entries })] })
      return device.createComputePipeline({ layout, compute: { module, entryPoint } })
    }
    const read = 'read-only-storage'
    this.#before = pipeline('before', { 0: read, 1: read, 2: 'storage' })
    this.#after = pipeline('after', { 0: read, 1: read, 3: read, 4: 'storage', 5: 'storage' })
  }

  /** `buffers`: by their binding. */
  bound(which: 'before' | 'after', buffers: Readonly<Record<number, GPUBufferBinding>>): GPUBindGroup {
    return this.device.createBindGroup({
      label: `course ${which}`,
      layout: this.#pipeline(which).getBindGroupLayout(0),
      entries: Object.entries(buffers).map(([binding, resource]) => ({ binding: Number(binding), resource })),
    })
  }

  /** Runs a kernel for so many values of so many rows, with numbers from an offset on. */
  encode(
    encoder: GPUCommandEncoder,
    which: 'before' | 'after',
    group: GPUBindGroup,
    from: number,
    values: number,
    rows = 1,
  ) {
    const pass = encoder.beginComputePass()
    pass.setPipeline(this.#pipeline(which))
    pass.setBindGroup(0, group, [from])
    pass.dispatchWorkgroups(Math.ceil(values / GROUP), rows)
    pass.end()
  }

  #pipeline(which: 'before' | 'after'): GPUComputePipeline {
    return which === 'before' ? this.#before : this.#after
  }
}
