/** Counts what a worker asks of a GPU. What counts stands by itself, so that its text can be put before any script. */

export interface GpuCounts {
  /** Dispatches by what ORT names their bind groups after. */
  kernels: Record<string, number>
  dispatches: number
  passes: number
  submits: number
  uploads: number
  uploadedBytes: number
  readbacks: number
  bindGroups: number
  shaders: number
}

/** Runs in the worker. What it gives back gives what was counted since that was last asked. */
export function countGpu(): () => GpuCounts {
  const none = (): GpuCounts => ({
    kernels: {},
    dispatches: 0,
    passes: 0,
    submits: 0,
    uploads: 0,
    uploadedBytes: 0,
    readbacks: 0,
    bindGroups: 0,
    shaders: 0,
  })
  let counts = none()
  const tell = (of: string, method: string, heard: (given: readonly unknown[], self: object) => void) => {
    const { prototype } = Object(Reflect.get(globalThis, of))
    const original: unknown = Object(prototype)[method]
    if (typeof original !== 'function') return
    Reflect.set(prototype, method, function (this: object, ...given: unknown[]) {
      heard(given, this)
      return Reflect.apply(original, this, given)
    })
  }
  const bytes = (data: unknown, size: unknown) =>
    typeof size === 'number' ? size : ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? data.byteLength : 0
  const kernels = new WeakMap<object, string>()
  const dispatched = (_: unknown, pass: object) => {
    const kernel = kernels.get(pass) ?? 'unnamed'
    counts.kernels[kernel] = (counts.kernels[kernel] ?? 0) + 1
    counts.dispatches++
  }
  tell('GPUComputePassEncoder', 'setBindGroup', ([, group], pass) => kernels.set(pass, String(Object(group).label)))
  tell('GPUComputePassEncoder', 'dispatchWorkgroups', dispatched)
  tell('GPUComputePassEncoder', 'dispatchWorkgroupsIndirect', dispatched)
  tell('GPUCommandEncoder', 'beginComputePass', () => counts.passes++)
  tell('GPUQueue', 'submit', () => counts.submits++)
  tell('GPUQueue', 'writeBuffer', ([, , data, , size]) => {
    counts.uploads++
    counts.uploadedBytes += bytes(data, size)
  })
  tell('GPUBuffer', 'mapAsync', () => counts.readbacks++)
  tell('GPUDevice', 'createBindGroup', () => counts.bindGroups++)
  tell('GPUDevice', 'createShaderModule', () => counts.shaders++)
  return () => {
    const counted = counts
    counts = none()
    return counted
  }
}
