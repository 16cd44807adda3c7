/** The module of the runner's kernels, written as text and assembled: once with plain arithmetic and once with relaxed SIMD. */
import wabt from 'wabt'
import { attention } from './attention'
import { edges } from './edges'
import { elementwise } from './elementwise'
import { Module } from './function'
import { gemm } from './gemm'
import { movement } from './movement'
import { norms } from './norms'
import { winograd } from './winograd'

export function moduleText(relaxed: boolean): string {
  const module = new Module({ relaxed })
  for (const part of [edges, elementwise, gemm, norms, attention, winograd, movement]) part(module)
  return module.text()
}

export async function assemble(relaxed: boolean): Promise<Uint8Array> {
  const { parseWat } = await wabt()
  const features = { simd: true, relaxed_simd: true, bulk_memory: true, mutable_globals: true }
  const module = parseWat('kernels.wat', moduleText(relaxed), features)
  try {
    module.validate()
    return module.toBinary({}).buffer
  } finally {
    module.destroy()
  }
}
