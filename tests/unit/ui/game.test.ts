/** Playing "which is the render?": samples drawn while a person thinks, answers, failures and the ways on. */
import { describe, expect, it } from 'vitest'
import { downloadFailed, EngineError, workerDied } from '../../../src/core/failure'
import { isGuided } from '../../../src/guidance'
import type { ModelInfo } from '../../../src/model/types'
import type { FinalSample, Lone } from '../../../src/sampling/records'
import type { Settings } from '../../../src/settings/types'
import type { Renders } from '../../../src/storage/renders'
import { createGame } from '../../../src/ui/rooms/game/game'
import { PAIRS } from '../../../src/ui/rooms/game/pairs'
import { needsEngine, scoresOf, stageOf } from '../../../src/ui/rooms/game/state'
import type { EngineEvent } from '../../../src/worker/protocol'
import { image, model } from './fixtures'
import { listeners, stillEngine, stillWindow } from './still'

const backend = { id: 'wasm', label: 'WASM', threads: 1, goldenError: 0 }
const renders: Renders = model.conditioning.classes.map((_, label) =>
  [0, 1, 2, 3].map((row) => image(100 * label + row)),
)
const without = { ...model, id: 'shapes', renders: null, family: { ...model.family, unnamedInLinks: false, order: 2 } }

interface Asked {
  readonly settings: Settings
  readonly alone: readonly Lone[]
  readonly signal: AbortSignal
  readonly resolve: (samples: readonly FinalSample[]) => void
  readonly reject: (error: Error) => void
}

/** A game whose engine draws when it is told to. */
function play(
  hash = '#room=game&game=5',
  fetched: (model: ModelInfo) => Promise<Renders> = () => Promise.resolve(renders),
) {
  const entries = [hash]
  const { tell, ...events } = listeners()
  const asked: Asked[] = []
  const started: string[] = []
  let hear: (event: EngineEvent) => void = () => undefined
  let disposed = 0
  let clock = 0
  const game = createGame({
    port: {
      models: [model, without],
      rendersOf: fetched,
      connect: (listener) => {
        hear = listener
        return stillEngine({
          start: (id, choice) => void started.push(`${id} ${choice}`),
          draw: ([settings], alone, signal) =>
            new Promise((resolve, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason as Error))
              asked.push({ settings: settings!, alone, signal, resolve, reject })
            }),
          dispose: () => void disposed++,
        })
      },
    },
    window: stillWindow(entries, {
      ...events,
      performance: { now: () => clock },
    }),
    owns: (address) => address.includes('room=game'),
    fresh: () => 77,
  })
  game.show(true)
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
  return {
    game,
    entries,
    asked,
    started,
    state: () => game.store.getState(),
    stage: () => stageOf(game.store.getState()).kind,
    hear: (event: EngineEvent) => hear(event),
    disposed: () => disposed,
    settle,
    tick: (milliseconds: number) => void (clock += milliseconds),
    /** The engine gives the newest sample that it was asked for. */
    draw: async (milliseconds = 0) => {
      clock += milliseconds
      asked.at(-1)!.resolve([{ positive: image(asked.length), negative: null, guided: image(asked.length) }])
      await settle()
    },
    goTo: (address: string) => {
      entries.push(address)
      tell('popstate')
    },
  }
}

type Table = ReturnType<typeof play>

/** Answers all pairs of the round, the first `right` of them rightly. */
async function answer(table: Table, right: number) {
  const { pairs } = table.state().rounds[table.state().round]
  for (const [index, { render }] of pairs.entries()) {
    if (table.stage() === 'waiting') await table.draw()
    table.game.choose(index < right === (render === 'left') ? 'left' : 'right')
    table.game.next()
  }
}

describe('a round', () => {
  it('asks once both pictures are there, tells at once, and goes on when the person does', async () => {
    const table = play()
    await table.settle()
    expect(table.stage()).toBe('waiting')
    // Only the guided picture is shown.
    expect(table.asked.map(({ alone }) => alone)).toEqual([[]])
    table.game.choose('left')
    expect(table.state().rounds.guided.answers).toEqual([])
    await table.draw()
    const stage = stageOf(table.state())
    expect(stage.kind).toBe('asking')
    table.game.next()
    expect(table.state().at).toBe(0)
    table.game.choose('left')
    table.game.choose('right')
    expect(table.state().rounds.guided.answers).toEqual(['left'])
    expect(table.stage()).toBe('told')
    table.game.next()
    expect(table.state().at).toBe(1)
  })

  it('shows the render and the sample of the pair, of one class', async () => {
    const table = play()
    await table.settle()
    const [pair] = table.state().rounds.guided.pairs
    expect(table.asked[0]!.settings).toMatchObject({ class: pair!.label, seed: pair!.seed, samples: 1 })
    expect(isGuided(table.asked[0]!.settings)).toBe(true)
    await table.draw()
    const stage = stageOf(table.state())
    expect(stage).toMatchObject({ shown: { render: renders[pair!.label]![pair!.row], sample: image(1) } })
  })

  it('has the next pictures drawn while the person thinks, one at a time, and no more than it needs', async () => {
    const table = play()
    await table.settle()
    for (let drawn = 1; drawn <= PAIRS; drawn++) {
      expect(table.asked).toHaveLength(drawn)
      await table.draw()
    }
    expect(table.asked).toHaveLength(PAIRS)
    expect(table.stage()).toBe('asking')
    await answer(table, 7)
    expect(table.stage()).toBe('over')
    expect(scoresOf(table.state())).toEqual({ guided: 7 })
  })

  it('knows how long a picture takes, without the time that the engine took to start', async () => {
    const table = play()
    await table.settle()
    table.tick(60_000)
    table.hear({ kind: 'ready', backend, model })
    await table.draw(3000)
    expect(table.state().milliseconds).toBe(3000)
    await table.draw(1500)
    expect(table.state().milliseconds).toBe(1500)
  })

  it('is followed by one without guidance, and its answers stay', async () => {
    const table = play()
    await table.settle()
    table.game.goOn()
    expect(table.state().round).toBe('guided')
    await answer(table, 6)
    table.game.goOn()
    expect(table.state()).toMatchObject({ round: 'unguided', at: 0 })
    expect(isGuided(table.asked.at(-1)!.settings)).toBe(false)
    await answer(table, 9)
    expect(scoresOf(table.state())).toEqual({ guided: 6, unguided: 9 })
    expect(table.game.link()).toMatch(/^http:\/\/page\/#room=game&game=5&told=6_9&/)
  })
})

describe('the address', () => {
  it('names the game from the first moment, so that a reload or a link replays it', () => {
    const table = play('#room=game')
    expect(table.entries).toEqual([expect.stringMatching(/^#room=game&game=77&v=/)])
    expect(play(table.entries[0]).state().rounds).toEqual(table.state().rounds)
  })

  it('of another room is left alone by a game that arrives late, and the game is named once it is gone to', () => {
    const table = play('#seed=3')
    expect(table.entries).toEqual(['#seed=3'])
    table.goTo('#room=game&method=seg')
    expect(table.entries).toEqual(['#seed=3', expect.stringMatching(/^#room=game&game=77&.*method=seg/)])
    expect(table.state()).toMatchObject({ subject: { game: 77, settings: { method: 'seg' } }, at: 0 })
  })

  it('is another one for other pairs, and Back returns to those before; the engine goes on', async () => {
    const table = play()
    await table.settle()
    await table.draw()
    table.game.playAgain()
    expect(table.asked[1]!.signal.aborted).toBe(true)
    expect(table.entries).toHaveLength(2)
    expect(table.state()).toMatchObject({ subject: { game: 77 }, at: 0, rounds: { guided: { samples: [] } } })
    expect(table.asked).toHaveLength(3)
    table.goTo(table.entries[0]!)
    expect(table.state().subject.game).toBe(5)
    expect(table.started).toEqual(['avatars auto'])
    table.goTo('#seed=3')
    expect(table.state().subject.game).toBe(5)
  })

  it('keeps a game that is left: nothing is drawn meanwhile, and it goes on where it was', async () => {
    const table = play()
    await table.settle()
    await table.draw()
    table.game.choose('left')
    table.game.show(false)
    table.goTo('#seed=3')
    await table.settle()
    expect(table.asked.at(-1)!.signal.aborted).toBe(true)
    expect(table.disposed()).toBe(1)
    table.goTo(table.entries[0]!)
    table.game.show(true)
    await table.settle()
    expect(table.started).toEqual(['avatars auto', 'avatars auto'])
    expect(table.state()).toMatchObject({ failure: null, rounds: { guided: { answers: ['left'] } } })
    await table.draw()
    expect(table.state().rounds.guided.samples).toHaveLength(2)
    // The playground's link, of other settings and of no game, is a new one.
    table.goTo('#room=game&method=seg')
    expect(table.state()).toMatchObject({ subject: { game: 77, settings: { method: 'seg' } }, at: 0 })
    expect(table.entries.at(-1)).toMatch(/^#room=game&game=77&.*method=seg/)
  })
})

describe('what goes wrong', () => {
  it('a family without renders says so, and starts no engine; another can be played at once', async () => {
    const table = play('#room=game&model=shapes')
    expect(table.state().renders.kind).toBe('none')
    expect(table.started).toEqual([])
    table.goTo('#room=game&model=avatars')
    await table.settle()
    expect(table.started).toEqual(['avatars auto'])
    await table.draw()
    expect(table.stage()).toBe('asking')
  })

  it('renders that do not come are fetched again', async () => {
    let attempts = 0
    const table = play('#room=game', () =>
      attempts++ === 0
        ? Promise.reject(new EngineError(downloadFailed('renders.png', 'cut')))
        : Promise.resolve(renders),
    )
    await table.settle()
    expect(table.state().renders).toMatchObject({ kind: 'failed', failure: { code: 'download-failed' } })
    table.game.retry()
    await table.settle()
    await table.draw()
    expect(table.stage()).toBe('asking')
  })

  it('an engine that fails is started again, where the person wants it, and the round goes on where it was', async () => {
    const table = play()
    await table.settle()
    await table.draw()
    table.hear({ kind: 'failed', failure: workerDied('gone') })
    table.asked.at(-1)!.reject(new Error('The engine stopped.'))
    await table.settle()
    expect(table.state()).toMatchObject({
      engine: { kind: 'failed' },
      failure: { message: expect.stringContaining('The engine stopped.') },
    })
    expect(table.stage()).toBe('asking')
    table.game.retry('wasm')
    expect(table.started).toEqual(['avatars auto', 'avatars wasm'])
    expect(table.state()).toMatchObject({ engine: { kind: 'loading' }, failure: null })
    await table.draw()
    expect(table.state().rounds.guided.samples).toHaveLength(2)
  })

  it('a sample that can’t be drawn is told with what the engine says, and asked for again', async () => {
    const table = play()
    await table.settle()
    const failure = downloadFailed('weak.onnx', 'cut')
    table.asked[0]!.reject(new EngineError(failure))
    await table.settle()
    // With the way on that it names.
    expect(table.state().failure).toEqual(failure)
    table.game.retry()
    expect(table.started).toHaveLength(1)
    expect(table.asked[1]!.settings).toEqual(table.asked[0]!.settings)
  })

  it('no engine is started for a round whose pictures are all drawn; the next round starts one', async () => {
    const table = play()
    await table.settle()
    for (let drawn = 0; drawn < PAIRS; drawn++) await table.draw()
    expect(needsEngine(table.state())).toBe(false)
    table.game.show(false)
    table.game.show(true)
    await table.settle()
    expect(table.started).toHaveLength(1)
    await answer(table, 5)
    table.game.goOn()
    expect(needsEngine(table.state())).toBe(true)
    expect(table.started).toHaveLength(2)
    await table.settle()
    await table.draw()
    expect(table.stage()).toBe('asking')
  })

  it('leaving ends what is under way', async () => {
    const table = play()
    await table.settle()
    table.game.dispose()
    await table.settle()
    expect(table.asked[0]!.signal.aborted).toBe(true)
    expect(table.disposed()).toBe(1)
    expect(table.state().failure).toBeNull()
    table.goTo('#room=game&game=6')
    expect(table.state().subject.game).toBe(5)
  })
})
