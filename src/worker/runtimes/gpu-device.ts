/** The device that ORT computes on: our own, without what makes it wrong. */
import { deviceLost, failureOf, messageOf, noWebGpu, BrokenRuntimeError, EngineError } from '../../core/failure'
import { noGpu } from './no-gpu'

/** Limits that ORT sizes its kernels by; each is asked for as far as the adapter goes. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const

export interface Gpu {
  readonly device: GPUDevice
  /** What a person reads, such as `WebGPU · NVIDIA`. */
  readonly label: string
  /** Whether the processor takes the place of a graphics processor. */
  readonly software: boolean
  /** Rejects with BrokenRuntimeError when the device is lost or reported an error; never resolves. */
  readonly lost: Promise<never>
}

const VENDORS: Record<string, string> = {
  nvidia: 'NVIDIA',
  amd: 'AMD',
  intel: 'Intel',
  apple: 'Apple',
  arm: 'Arm',
  qualcomm: 'Qualcomm',
}

function labelOf({ vendor, architecture, description }: GPUAdapterInfo): string {
  // Chromium's software adapter calls itself google/swiftshader.
  const name = architecture === 'swiftshader' ? 'software' : (VENDORS[vendor] ?? (vendor || description))
  return name ? `WebGPU · ${name}` : 'WebGPU'
}

/**
 * A device with the adapter's limits. Without the feature `subgroups`: where subgroups are small, ORT's attention kernel for
 * them computes wrong numbers in silence (measured on SwiftShader). Without `shader-f16`: ORT's kernels add up in halves, which at
 * guidance scale 4 puts the avatars' golden D 4 % off (that rounding put into a graph); halves added up in singles are 0.06 % off.
 * Throws EngineError (`no-webgpu`).
 */
export async function openGpu(acceptSoftware: boolean): Promise<Gpu> {
  // Undefined in browsers without WebGPU and on plain http, whatever the types say.
  const gpu = navigator.gpu as GPU | undefined
  const adapter = (await gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null
  if (!adapter) throw new EngineError(noGpu(gpu ? 'unfound' : 'unoffered'))
  if (adapter.info.isFallbackAdapter && !acceptSoftware) throw new EngineError(noGpu('software'))
  let device: GPUDevice
  try {
    device = await adapter.requestDevice({
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    })
  } catch (error) {
    throw new EngineError(noWebGpu(messageOf(error)))
  }
  const lost = new Promise<never>((_, reject) => {
    void device.lost.then(({ message }) => reject(new BrokenRuntimeError(deviceLost(message))))
    // ORT does not look at the device's errors, and results after one can't be trusted.
    device.addEventListener('uncapturederror', ({ error }) => reject(new BrokenRuntimeError(failureOf(error))))
  })
  // Callers race against this promise; while none does, its rejection must not count as unhandled.
  lost.catch(() => undefined)
  return { device, label: labelOf(adapter.info), software: adapter.info.isFallbackAdapter, lost }
}
