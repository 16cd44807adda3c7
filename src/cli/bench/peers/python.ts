/** The plain loop in Python: a Python with onnxruntime, made where there is none, and one process that does the work when told. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT } from '../../site.mjs'
import type { Done, Order } from './order'

const ENVIRONMENT = join(ROOT, '.cache', 'bench', 'python')
const OWN = join(ENVIRONMENT, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))

const able = (python: string) =>
  spawnSync(python, ['-c', 'import numpy, onnxruntime'], { stdio: 'ignore' }).status === 0

/** A Python that can do the work, or why there is none. */
export function pythonWith(chosen: string | null): { readonly python: string } | { readonly without: string } {
  if (chosen === 'none') return { without: 'Python was not wanted.' }
  if (chosen !== null)
    return able(chosen) ? { python: chosen } : { without: `${chosen} is no Python with onnxruntime and numpy.` }
  if (existsSync(OWN) && able(OWN)) return { python: OWN }
  const base = ['python3', 'python'].find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0)
  if (!base) return { without: 'There is no Python here.' }
  const made =
    spawnSync(base, ['-m', 'venv', ENVIRONMENT], { stdio: 'ignore' }).status === 0 &&
    spawnSync(OWN, ['-m', 'pip', 'install', '--quiet', 'onnxruntime', 'numpy'], { stdio: 'ignore' }).status === 0
  return made && able(OWN)
    ? { python: OWN }
    : { without: `${base} could not install onnxruntime; name one that has it by --python.` }
}

export interface PythonPeer {
  readonly version: string
  work(order: Order): Promise<Done>
  stop(): void
}

/** Rejects with what it printed where it does not start. */
export async function startPython(python: string, work: string, threads: number): Promise<PythonPeer> {
  const child = spawn(python, [join(import.meta.dirname, 'plain.py'), work, String(threads)])
  let failed = ''
  child.stderr.on('data', (chunk: Buffer) => (failed += chunk.toString()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => {
    const { done, value } = await lines.next()
    if (done) throw new Error(`the loop in Python ended: ${failed.trim().split('\n').at(-1) ?? ''}`)
    return JSON.parse(value)
  }
  const { version } = Object(await next())
  return {
    version: String(version),
    async work(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      const { ms, cpu, picture } = Object(await next())
      const bytes = new Uint8Array(Buffer.from(String(picture), 'base64'))
      return { ms: Number(ms), cpu: Number(cpu), picture: new Float32Array(bytes.buffer) }
    },
    stop: () => void child.stdin.end(),
  }
}
