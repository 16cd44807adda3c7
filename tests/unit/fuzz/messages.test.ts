/** Messages in any order, twice, and of jobs that are over, at both ends: nothing is thrown, and what is asked last is what is shown. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Settings } from '../../../src/settings/types'
import type { Command, Reply } from '../../../src/worker/messages'
import type { BackendChoice, Engine } from '../../../src/worker/protocol'
import {
  bytes,
  failure,
  info,
  scene,
  settings,
  settle,
  summary,
  x,
  type FakeWorker,
  type Scene,
} from '../../support/engine-scene'
import { stepRecord } from '../../support/step-record'
import { tries } from '../../support/fuzz'
import { load, scene as workerScene, settings as tiny } from '../../support/worker-scene'

/** What nobody caught: a test runner would only count it after the test. */
let uncaught: unknown[] = []
const note = (error: unknown) => void uncaught.push(error)
beforeEach(() => {
  uncaught = []
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
})

const sample = { positive: x, negative: null, guided: x }
const judge = { info: { width: 2, weights: {} } as never, graph: bytes, weights: bytes }
const judgements = [{ features: new Float32Array(2), seen: 1 }]
const map = { positive: x, negative: null, height: 2, width: 2 }

/** Every kind of reply, of a job or a question of this number. */
const REPLIES: readonly ((number: number) => Reply)[] = [
  (number) => ({ kind: 'living', lock: `engine ${number}` }),
  (number) => ({ kind: 'phase', phase: number % 2 ? 'compile' : 'verify' }),
  () => ({ kind: 'ready', backend: info('wasm') }),
  () => ({ kind: 'refused', failure: failure('golden-mismatch') }),
  () => ({ kind: 'lost', failure: failure('device-lost') }),
  (done) => ({ kind: 'combining', network: { id: 'main' }, done, total: 4 }),
  (id) => ({ kind: 'vision', id, message: id % 2 ? null : 'no such file' }),
  (job) => ({ kind: 'step', job, record: stepRecord }),
  (job) => ({ kind: 'finished', job, samples: [sample], summary }),
  (job) => ({ kind: 'failed', job, failure: failure('not-finite') }),
  (job) => ({ kind: 'cancelled', job }),
  (id) => ({ kind: 'map', id, result: map }),
  (id) => ({ kind: 'map-failed', id, message: 'no such layer' }),
  () => ({ kind: 'evaluating' }),
  (job) => ({ kind: 'drawn', job, samples: [sample] }),
  (id) => ({ kind: 'judged', id, judgements }),
  (id) => ({ kind: 'judge-failed', id, message: 'too small' }),
]

/** What a page asks, beside its runs. Each question must come to an end. */
type Question = (engine: Engine) => Promise<unknown>
const QUESTIONS: readonly Question[] = [
  (engine) => engine.attentionMap({ settings, layer: 1, x, sigma: 2, sample: 0, step: 3 }),
  (engine) => engine.draw([settings], [], new AbortController().signal),
  (engine) => engine.draw([settings], ['positive'], AbortSignal.timeout(0)),
  (engine) => engine.judge(judge, [x]),
  (engine) => engine.useVision(bytes),
  (engine) => engine.decode([x]),
]

type Event =
  /** Of the worker that was the newest so many workers ago; the number is counted back from the newest job. */
  | { readonly kind: 'reply'; readonly of: number; readonly back: number; readonly worker: number }
  | { readonly kind: 'run'; readonly seed: number; readonly preview: boolean }
  | { readonly kind: 'ask'; readonly of: number }
  | { readonly kind: 'start'; readonly choice: BackendChoice }
  | { readonly kind: 'cancel' | 'settle' | 'answer' | 'die' | 'garble' | 'timer' | 'release' }

const events: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('reply' as const),
      of: fc.nat(REPLIES.length - 1),
      back: fc.nat(2),
      worker: fc.constantFrom(0, 0, 0, 1, 2),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run' as const), seed: fc.nat(99), preview: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ask' as const), of: fc.nat(QUESTIONS.length - 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('start' as const), choice: fc.constantFrom('auto', 'wasm', 'webgpu') }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('settle', 'settle', 'answer', 'answer', 'cancel', 'die', 'garble', 'timer', 'release'),
    }),
  },
)

/** Numbers of all jobs and questions that were ever given to this worker. */
const numbers = ({ received }: FakeWorker) =>
  received.flatMap((command) => ('job' in command ? [command.job] : 'id' in command ? [command.id] : []))

function happen(play: Scene, event: Event, asked: Promise<unknown>[]): void {
  const { engine, workers, timers, locks } = play
  switch (event.kind) {
    case 'reply': {
      const worker = workers.at(-1 - event.worker)
      const number = Math.max(0, ...(worker ? numbers(worker) : [])) - event.back
      return worker?.say(REPLIES[event.of]!(Math.max(0, number)))
    }
    case 'run':
      return void engine.run({ ...settings, seed: event.seed }, { preview: event.preview })
    case 'ask':
      return void asked.push(
        QUESTIONS[event.of]!(engine).catch((error: unknown) => expect(error).toBeInstanceOf(Error)),
      )
    case 'start':
      return engine.start('avatars', event.choice)
    case 'cancel':
      return engine.cancel()
    case 'die':
      return workers.at(-1)?.die()
    case 'garble':
      return workers.at(-1)?.garble()
    case 'timer':
      return fire(timers.find(({ cancelled }) => !cancelled))
    case 'release':
      return locks.find(({ signal }) => !signal.aborted)?.callback()
    case 'settle':
    case 'answer':
      return
    default:
      event satisfies never
  }
}

/** A timer goes off once. */
function fire(timer: Scene['timers'][number] | undefined): void {
  if (!timer) return
  timer.cancelled = true
  timer.callback()
}

/** The newest worker answers what it was asked and has not answered so; of jobs and questions that are over, nothing is heard. */
function answer({ workers }: Scene, answered: Set<Command>): void {
  const worker = workers.at(-1)
  // What an answer makes the page ask is answered as well.
  for (const command of worker?.received ?? []) {
    if (answered.has(command)) continue
    answered.add(command)
    const reply = answerTo(command)
    if (reply) worker!.say(reply)
  }
}

function answerTo(command: Command): Reply | null {
  switch (command.kind) {
    case 'load':
      return { kind: 'ready', backend: info('wasm') }
    case 'sample': {
      const { job, settings } = command
      return { kind: 'finished', job, samples: [sample], summary: { ...summary, digests: [String(settings.seed)] } }
    }
    case 'draw':
      return { kind: 'drawn', job: command.job, samples: [sample] }
    case 'map':
      return { kind: 'map', id: command.id, result: map }
    case 'judge':
      return { kind: 'judged', id: command.id, judgements }
    case 'decode':
      return { kind: 'decoded', id: command.id, pictures: [{ image: x, height: 2, width: 2 }] }
    case 'vision':
      return { kind: 'vision', id: command.id, message: null }
    case 'open':
    case 'lane':
    case 'files':
    case 'cancel':
    case 'judge-files':
      return null
    default:
      return command satisfies never
  }
}

/** What the page was last told of the engine. */
const statusOf = ({ events }: Scene) =>
  events.filter(({ kind }) => ['phase', 'ready', 'recovering', 'failed'].includes(kind)).at(-1)?.kind

/** Everything happens, and then the worker is honest; ends with one more run, whose number is returned. */
async function live(play: Scene, all: readonly Event[], seed: number): Promise<number> {
  const asked: Promise<unknown>[] = []
  const answered = new Set<Command>()
  play.engine.start('avatars', 'auto')
  for (const event of all) {
    if (event.kind === 'settle') await settle()
    else if (event.kind === 'answer') answer(play, answered)
    else happen(play, event, asked)
  }
  await settle()
  // Where nothing more can be done without the person, the person starts it again.
  if (statusOf(play) === 'failed') play.engine.start('avatars', 'wasm')
  const id = play.engine.run({ ...settings, seed }, { preview: true })
  // Whatever is silent is noticed by its timer; a rest between runs ends by one too.
  for (let round = 0; round < 8; round++) {
    await settle()
    answer(play, answered)
    await settle()
    fire(play.timers.find(({ cancelled }) => !cancelled))
  }
  await Promise.all(asked)
  return id
}

describe('the engine client', () => {
  it('throws at no order of replies, and shows at last what was asked last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(events, { maxLength: 30 }), fc.nat(99), async (all, seed) => {
        const play = scene()
        let newest = 0
        play.onEvent = (event) => {
          // Of runs that were superseded nothing is heard.
          if ('run' in event) expect(event.run).toBeGreaterThanOrEqual(newest)
          if ('run' in event) newest = event.run
        }
        const id = await live(play, all, seed)
        const ended = play.events.filter((event) => 'run' in event && event.run === id)
        expect(ended.at(-1)).toMatchObject({ kind: 'run-finished', pass: 'full', summary: { digests: [String(seed)] } })
        expect(statusOf(play)).toBe('ready')
        play.engine.dispose()
        await settle()
        expect(uncaught).toEqual([])
      }),
      tries(40),
    )
  })
})

describe('the worker engine', () => {
  const quick: Settings = { ...tiny, steps: 2, samples: 1 }
  const request = { settings: quick, layer: 0, x: new Float32Array(3 * 8 * 8), sigma: 2, sample: 0, step: 0 }
  /** Every kind of command that the page sends, of a job or a question of this number. */
  const COMMANDS: readonly ((number: number) => Command)[] = [
    () => ({ kind: 'open', backend: 'wasm', threads: 1, acceptSoftware: false }),
    () => ({ kind: 'lane', port: null }),
    () => ({ kind: 'files', files: { 'no such file': bytes }, drop: ['nor this'] }),
    (job) => ({
      kind: 'sample',
      job,
      settings: { ...quick, seed: job },
      alone: job % 2 === 0 ? ['positive', 'negative'] : [],
    }),
    (job) => ({ kind: 'draw', job, settings: [quick], alone: ['positive'] }),
    (job) => ({ kind: 'cancel', job }),
    (id) => ({ kind: 'map', id, request: { ...request, layer: id } }),
    (id) => ({ kind: 'vision', id, graph: id % 2 ? null : bytes }),
    () => ({ kind: 'judge-files', ...judge }),
    (id) => ({ kind: 'judge', id, images: [x] }),
  ]
  const commands = fc.record({ of: fc.nat(COMMANDS.length - 1), number: fc.nat(3), waits: fc.boolean() })

  const samplesOf = (reply: Reply | undefined) => (reply?.kind === 'finished' ? reply.samples : [])

  // One worker for all, since each start costs a second: what was said to it before stays with it.
  it('throws at no order of commands, and draws at last what was asked last', async () => {
    const { host, replies, started } = workerScene()
    const last = async () => {
      await host.handle({ kind: 'sample', job: 9, settings: quick, alone: ['positive', 'negative'] })
      return replies.at(-1)
    }
    await Promise.all(COMMANDS.slice(1).map((command) => host.handle(command(1))))
    await started()
    const right = await last()
    expect(right).toMatchObject({ kind: 'finished' })
    await host.handle(load)
    await fc.assert(
      fc.asyncProperty(fc.array(commands, { maxLength: 6 }), async (all) => {
        replies.length = 0
        const handled: Promise<void>[] = []
        for (const { of, number, waits } of all) {
          handled.push(host.handle(COMMANDS[of]!(number)))
          if (waits) await handled.at(-1)
        }
        await Promise.all(handled)
        // Each job and each question is answered.
        for (const { of, number } of all) {
          const command = COMMANDS[of]!(number)
          if (command.kind === 'cancel' || !('job' in command || 'id' in command)) continue
          const key = 'job' in command ? 'job' : 'id'
          expect(replies).toContainEqual(expect.objectContaining({ [key]: number }))
        }
        expect(await last()).toMatchObject({ kind: 'finished', job: 9, samples: samplesOf(right) })
        expect(uncaught).toEqual([])
      }),
      tries(10),
    )
  })
})
