/** `npm start`, as a newcomer runs it: it prints an address, what it serves there is isolated, and Ctrl-C stops it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launch, type Session } from '../harness'

const script = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'start.mjs')
let browser: Session
let running: ChildProcess | null = null

beforeAll(async () => {
  browser = await launch({ webgpu: false, quick: true, shell: true })
})
afterEach(() => void running?.kill('SIGKILL'))
afterAll(() => browser.close())

interface Start {
  readonly url: string
  readonly output: () => string
  readonly exit: Promise<number | null>
  readonly process: ChildProcess
}

/** Runs the command and waits for the address, or for its end. */
async function start(...parameters: string[]): Promise<Start> {
  const child = spawn(process.execPath, [script, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] })
  running = child
  let output = ''
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  await new Promise<void>((resolve) => {
    const read = (bytes: Buffer) => {
      output += bytes.toString()
      if (output.includes('Ctrl-C stops.')) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exit.then(() => resolve())
  })
  return { url: /Guidance Playground: (\S+)/.exec(output)?.[1] ?? '', output: () => output, exit, process: child }
}

test('prints the address of an isolated page, on the next port where one is taken, and stops on Ctrl-C', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const started = await start('--port', String(port))
  other.close()
  expect(started.url, started.output()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  expect(Number(new URL(started.url).port)).toBeGreaterThan(port)
  const { page } = await browser.open(`${started.url}#v=2&model=tiny&steps=2`)
  expect(await page.evaluate(() => [crossOriginIsolated, document.title])).toEqual([true, 'Guidance Playground'])
  started.process.kill('SIGINT')
  expect(await started.exit).toBe(0)
})

test('--host says what other devices get', async () => {
  const started = await start('--host', '--port', '0')
  expect(started.output()).toMatch(/plain http.*\n.*thread/)
  // Reached through every address of this machine, as from outside.
  for (const [address] of started.output().matchAll(/http:\/\/[\d.]+:\d+\//g))
    expect((await fetch(address)).status).toBe(200)
})

test('an option it does not know ends it with one line and status 2', async () => {
  for (const wrong of [['--bogus'], ['--port', 'x'], ['--port', '70000']]) {
    const { output, exit } = await start(...wrong)
    expect(await exit).toBe(2)
    expect(output().trim().split('\n')).toHaveLength(1)
  }
})
