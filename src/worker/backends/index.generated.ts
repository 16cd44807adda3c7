// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { BackendDefinition } from '../backend'
import { runner } from './runner'
import { wasm } from './wasm'
import { wasmThreads } from './wasm-threads'
import { webgpu } from './webgpu'

export const definitions: readonly BackendDefinition[] = [
  runner,
  wasm,
  wasmThreads,
  webgpu,
]
