/** Counts what a worker asks of a GPU in each of its runs: put before its script, since it is of any commit. */

export interface GpuRun {
  readonly steps: number
  readonly rows: number
  /** How often the network was run. */
  readonly evaluations: number
  readonly dispatches: number
  readonly passes: number
  readonly submits: number
  readonly uploads: number
  readonly uploadedBytes: number
  readonly readbacks: number
}

/** Runs in the worker. */
function countGpu(): void {
  const none = () => ({ dispatches: 0, passes: 0, submits: 0, uploads: 0, uploadedBytes: 0, readbacks: 0 })
  let counts = none()
  let rows = 0
  // A captured graph binds what it bound before: what is bound most often is bound in every evaluation.
  let bound = new Map<unknown, number>()
  const runs: GpuRun[] = []
  const tell = (of: unknown, method: string, heard: (given: readonly unknown[]) => void) => {
    const prototype: unknown = typeof of === 'function' ? of.prototype : null
    if (typeof prototype !== 'object' || prototype === null) return
    const original: unknown = Reflect.get(prototype, method)
    if (typeof original !== 'function') return
    Reflect.set(prototype, method, function (this: unknown, ...given: unknown[]) {
      heard(given)
      return Reflect.apply(original, this, given)
    })
  }
  const bytes = (data: unknown, size: unknown) =>
    typeof size === 'number' ? size : ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? data.byteLength : 0
  const of = (name: string): unknown => Reflect.get(globalThis, name)
  tell(of('GPUComputePassEncoder'), 'dispatchWorkgroups', () => counts.dispatches++)
  tell(of('GPUComputePassEncoder'), 'dispatchWorkgroupsIndirect', () => counts.dispatches++)
  tell(of('GPUComputePassEncoder'), 'setBindGroup', ([, group]) => bound.set(group, (bound.get(group) ?? 0) + 1))
  tell(of('GPUCommandEncoder'), 'beginComputePass', () => counts.passes++)
  tell(of('GPUQueue'), 'submit', () => counts.submits++)
  tell(of('GPUQueue'), 'writeBuffer', ([, , data, , size]) => {
    counts.uploads++
    counts.uploadedBytes += bytes(data, size)
  })
  tell(of('GPUBuffer'), 'mapAsync', () => counts.readbacks++)
  // A record of a step is told to the page as soon as it is there.
  const own = self.postMessage.bind(self)
  Reflect.set(self, 'postMessage', (...given: Parameters<typeof own>) => {
    hear(given)
    own(...given)
  })
  function hear([message]: readonly unknown[]) {
    const record: Record<string, unknown> = Object(Object(message).record)
    if (typeof record.rows !== 'number' || typeof record.steps !== 'number') return
    rows += record.rows
    if (record.index !== record.steps - 1) return
    runs.push({ steps: record.steps, rows, evaluations: Math.max(0, ...bound.values()), ...counts })
  }
  // Between runs it may be tried out.
  self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (Object(data).kind !== 'sample') return
    counts = none()
    rows = 0
    bound = new Map()
  })
  Reflect.set(self, 'gpuRuns', runs)
}

/** What a compiler of TypeScript puts around functions is not there in the worker. */
export const COUNTS_GPU = `{ const __name = (value) => value; (${countGpu.toString()})() }\n`
