/** Entry of a lane's worker: runs programs in a memory that it shares. */
import { instance } from '../../runner/kernels/instance'
import type { Kernels } from '../../runner/kernels'
import { bind, type Bound, type Program } from '../../runner/program'
import type { LaneCommand, LaneReply } from './messages'

let kernels: Kernels | null = null
const programs = new Map<number, Program>()
const bound = new Map<number, { readonly base: number; readonly run: Bound }>()

function run(id: number, base: number): void {
  const program = programs.get(id)
  if (!kernels || !program) throw new Error(`a lane was asked for program ${id}, which it was not given`)
  let ready = bound.get(id)
  if (!ready || ready.base !== base) {
    ready = { base, run: bind(program, kernels, base) }
    bound.set(id, ready)
  }
  ready.run()
}

function carryOut(command: LaneCommand): LaneReply | null {
  switch (command.kind) {
    case 'memory':
      kernels = instance(command.memory, command.module)
      return { kind: 'begun' }
    case 'program':
      programs.set(command.program.id, command.program)
      return null
    case 'run': {
      const begun = performance.now()
      run(command.id, command.base)
      return { kind: 'done', milliseconds: performance.now() - begun }
    }
    case 'forget':
      programs.delete(command.id)
      bound.delete(command.id)
      return null
  }
}

// Whoever computes with this lane has this end of a channel; the page hands it on.
const { port1: port, port2: other } = new MessageChannel()

port.addEventListener('message', ({ data }: MessageEvent<LaneCommand>) => {
  let reply: LaneReply | null
  try {
    reply = carryOut(data)
  } catch (error) {
    reply = { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
  if (reply) port.postMessage(reply)
})
port.addEventListener('messageerror', () =>
  port.postMessage({ kind: 'failed', message: 'this worker can share no memory' } satisfies LaneReply),
)
port.start()
self.postMessage(other, { transfer: [other] })
