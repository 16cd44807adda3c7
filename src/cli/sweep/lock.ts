/** A lock beside a file, so that of many processes, on one machine or several, one alone writes to it. One left by a killed process is taken over. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'

/** A process of another machine is believed dead when its lock was not touched for so long. It touches it every `BEAT`. */
const DEAD_AFTER = 5 * 60_000
const BEAT = 15_000

interface Owner {
  readonly machine: string
  readonly pid: number
  /** When the process began, as its machine counts: the number of a dead process is given again. */
  readonly born: string
  readonly token: string
}

export interface Lock {
  /** Throws where another process took it over meanwhile, since this one seemed dead. */
  check(): void
  release(): void
}

function machineName(): string {
  try {
    // Containers may share a name, and have numbers of processes of their own.
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

const MACHINE = machineName()

/** When a process of this machine began, '' where that can't be told, or null where there is none. */
function bornOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces; the beginning is the 20th field after it. A zombie holds nothing any more.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? '')
  } catch {
    if (existsSync('/proc/self/stat')) return null
  }
  try {
    process.kill(pid, 0)
    return ''
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? '' : null
  }
}

function readOwner(text: string): Owner | null {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json !== 'object' || json === null) return null
    if (!('machine' in json && 'pid' in json && 'born' in json && 'token' in json)) return null
    const { machine, pid, born, token } = json
    return { machine: String(machine), pid: Number(pid), born: String(born), token: String(token) }
  } catch {
    return null
  }
}

/** What time it is for the folder's disk, which other machines may share and whose clock is not ours. */
function clockOf(file: string): number {
  const own = `${file}.${process.pid}.clock`
  closeSync(openSync(own, 'w'))
  try {
    return statSync(own).mtimeMs
  } finally {
    rmSync(own, { force: true })
  }
}

function isAbandoned(file: string, owner: Owner | null): boolean {
  if (owner?.machine === MACHINE) return bornOf(owner.pid) !== owner.born
  return clockOf(file) - statSync(file).mtimeMs > DEAD_AFTER
}

const held = new Map<string, string>()
let beating: ReturnType<typeof setInterval> | null = null

const ownerOf = (file: string): Owner | null => {
  try {
    return readOwner(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

function release(file: string, token: string): void {
  held.delete(file)
  if (held.size === 0 && beating) {
    clearInterval(beating)
    beating = null
  }
  if (ownerOf(file)?.token === token) rmSync(file, { force: true })
}

/** Writes the lock's own first character again, so that its time is the disk's. */
function touch(file: string, token: string): void {
  if (ownerOf(file)?.token !== token) return
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, '{', 0)
  closeSync(descriptor)
}

function hold(file: string, token: string): Lock {
  held.set(file, token)
  beating ??= setInterval(() => {
    for (const [path, own] of held) touch(path, own)
  }, BEAT).unref()
  return {
    check() {
      if (ownerOf(file)?.token !== token)
        throw new Error(`${file} was taken over by another process, since this one did not answer: run it again`)
    },
    release: () => release(file, token),
  }
}

process.on('exit', () => {
  for (const [file, token] of held) release(file, token)
})

function created(file: string, token: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const descriptor = openSync(file, 'wx')
    const owner: Owner = { machine: MACHINE, pid: process.pid, born: bornOf(process.pid) ?? '', token }
    writeSync(descriptor, JSON.stringify(owner))
    closeSync(descriptor)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Moves a dead process's lock away. Of several that try, one moves it; a fresh one that was moved by mistake goes back. */
function buried(file: string, owner: Owner | null): boolean {
  const grave = `${file}.${randomBytes(6).toString('hex')}.dead`
  try {
    renameSync(file, grave)
  } catch {
    return false
  }
  if (ownerOf(grave)?.token !== owner?.token && !existsSync(file)) {
    renameSync(grave, file)
    return false
  }
  rmSync(grave, { force: true })
  return true
}

/** The lock of a file, or null where a living process has it. */
export function takeLock(path: string): Lock | null {
  const file = `${path}.lock`
  const token = randomBytes(12).toString('hex')
  if (created(file, token)) return hold(file, token)
  const owner = ownerOf(file)
  try {
    if (!isAbandoned(file, owner)) return null
  } catch {
    // It was released meanwhile.
    return created(file, token) ? hold(file, token) : null
  }
  return buried(file, owner) && created(file, token) ? hold(file, token) : null
}
