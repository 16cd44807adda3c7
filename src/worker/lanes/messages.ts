/** Between the engine's worker and those that run programs for it in the same memory. */
import type { Program } from '../../runner/program'

export type LaneCommand =
  | { readonly kind: 'memory'; readonly memory: WebAssembly.Memory; readonly module: WebAssembly.Module }
  | { readonly kind: 'program'; readonly program: Program }
  | { readonly kind: 'run'; readonly id: number; readonly base: number }
  | { readonly kind: 'forget'; readonly id: number }

export type LaneReply =
  | { readonly kind: 'begun' }
  | { readonly kind: 'done'; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly message: string }
