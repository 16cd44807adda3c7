/** How much memory the engine may take on a device: what stays at hand, of files and of networks. */

export interface MemoryBudget {
  /** Bytes of model files that a worker holds. */
  readonly files: number
  /** Bytes of prepared weights, float32, and of what the runtime makes of them, about as much again. The default network always stays. */
  readonly networks: number
}

const MB = 2 ** 20

/**
 * By the gigabytes that the browser says the device has (at most 8, and rounded, so that it tells nobody apart); where it says
 * nothing, as on phones of one maker, as for 4. Files in storage come back in milliseconds, so that little is lost by dropping one.
 */
export function memoryBudget(gigabytes = 4): MemoryBudget {
  if (gigabytes <= 2) return { files: 24 * MB, networks: 104 * MB }
  if (gigabytes <= 4) return { files: 36 * MB, networks: 156 * MB }
  return { files: 48 * MB, networks: 208 * MB }
}
