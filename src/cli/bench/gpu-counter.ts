/** Counts what a worker asks of a GPU between two steps of a run: put before its script, since it is of any commit. */

export interface GpuStep {
  readonly rows: number
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
  const steps: GpuStep[] = []
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
    const rows: unknown = Object(Object(message).record).rows
    if (typeof rows !== 'number') return
    steps.push({ rows, ...counts })
    counts = none()
  }
  Reflect.set(self, 'gpuSteps', steps)
}

/** What a compiler of TypeScript puts around functions is not there in the worker. */
export const COUNTS_GPU = `{ const __name = (value) => value; (${countGpu.toString()})() }\n`
