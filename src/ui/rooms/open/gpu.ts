/** What this browser's graphics processor takes at once. */
import { useEffect, useState } from 'react'

/** In bytes. */
export interface GpuLimits {
  /** Of what a computation reads as one. */
  readonly binding: number
  readonly buffer: number
}

async function ask(): Promise<GpuLimits | null> {
  // Undefined in browsers without WebGPU and on plain http, whatever the types say.
  const gpu = navigator.gpu as GPU | undefined
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  return adapter ? { binding: adapter.limits.maxStorageBufferBindingSize, buffer: adapter.limits.maxBufferSize } : null
}

let asked: Promise<GpuLimits | null> | null = null

/** Null until they are known, and where there is no such processor. */
export function useGpuLimits(): GpuLimits | null {
  const [limits, setLimits] = useState<GpuLimits | null>(null)
  useEffect(() => {
    void (asked ??= ask()).then(setLimits)
  }, [])
  return limits
}
