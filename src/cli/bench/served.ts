/** A tree's page as a person gets it by its own `npm start`, whatever that does: built, compressed or not, on a port of this machine. */
import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Served {
  /** Address of the page, ending in a slash. */
  readonly url: string
  /** The folder of the built page. */
  readonly directory: string
  stop(): void
}

/** Building takes its time on a busy machine; `npm ci` may come before. */
const PATIENCE_MS = 900_000

/** The build that was used last. */
function builtIn(root: string): string {
  const sites = join(root, '.cache', 'sites')
  const age = (name: string) => statSync(join(sites, name)).mtimeMs
  const [newest] = readdirSync(sites)
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .sort((a, b) => age(b) - age(a))
  if (!newest) throw new Error(`${root} has no built page`)
  return join(sites, newest)
}

/** Rejects with what `npm start` printed where it does not start. */
export function serve(root: string): Promise<Served> {
  const child = spawn(process.execPath, [join(root, 'src', 'cli', 'start.mjs'), '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = () => void child.kill()
  let printed = ''
  return new Promise((done, fail) => {
    const late = setTimeout(() => ended('it did not start in time'), PATIENCE_MS)
    const ended = (why: string) => {
      clearTimeout(late)
      stop()
      fail(new Error(`npm start of ${root}: ${why}\n${printed}`))
    }
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(printed)?.[0]
      if (!url) return
      clearTimeout(late)
      done({ url, directory: builtIn(root), stop })
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('error', (error) => ended(error.message))
    child.on('exit', (status) => ended(`it ended with status ${status}`))
  })
}
