import { describe, expect, it, vi } from 'vitest'
import type { FinalSample } from '../../../src/sampling/records'
import type { Judged, Metrics } from '../../../src/evaluation/metrics'
import { OWN } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { settingsOfImage } from '../../../src/ui/judge/evaluate'
import { countRefusal, createEvaluationController } from '../../../src/ui/judge/judge'
import { createPageStore } from '../../../src/ui/app/state'
import type { JudgeKit } from '../../../src/worker/client/judge'
import { image, model, run, settings } from './fixtures'

const kit: JudgeKit = {
  info: { width: 1, weights: { sha256: 'a digest' } } as never,
  graph: new Uint8Array(1),
  weights: new Uint8Array(1),
  statistics: new Uint8Array(1),
}
const estimate = { value: 1, margin: null }
const classes = model.conditioning.classes.length

/** A desk on an engine that draws at once, or not before it is told; the judge sees class 1 in every positive and class 2 in all else. */
function open({ slow = false, broken = false, missing = false } = {}) {
  const drawn: Settings[] = []
  const sets: (readonly (readonly Judged[])[])[] = []
  let go: (() => void) | null = null
  let disposed = 0
  const store = createPageStore(model, settings, [], 'system')
  const desk = createEvaluationController({
    store,
    now: () => 0,
    engine: {
      draw: (all, _, signal) =>
        new Promise<readonly FinalSample[]>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
          const give = () => {
            drawn.push(...all)
            if (broken) reject(new Error('The numbers left the range. Lower the scale.'))
            else resolve(all.map(({ seed }) => ({ positive: image(seed), negative: null, guided: image(seed + 9) })))
          }
          if (slow) go = give
          else give()
        }),
      judge: async (_, images) =>
        images.map((_image, i) => ({ features: new Float32Array([i]), seen: i === 0 ? 1 : 2 })),
    },
    judging: {
      bytes: 12,
      fetch: async (_, onProgress) => {
        onProgress(6, 12)
        if (missing) throw new Error('The connection was cut.')
        return kit
      },
      meter: async () => ({
        measure: async (asked) => {
          // Lists that go on growing are looked at as they are now.
          sets.push(asked.map((set) => [...set]))
          return asked.map((set): Metrics => ({
            samples: set.length,
            frechet: estimate,
            agreement: estimate,
            precision: estimate,
            recall: estimate,
            clarity: null,
            shift: null,
          }))
        },
        measured: () => Promise.reject(new Error('nobody asks')),
        distances: async (features) => features.map(([first]) => first!),
        dispose: () => void disposed++,
      }),
    },
  })
  const state = () => store.getState()
  const settle = () => new Promise((resolve) => setTimeout(resolve))
  return {
    desk,
    store,
    state,
    drawn,
    sets,
    settle,
    asked: () => go !== null,
    go: () => go?.(),
    disposed: () => disposed,
  }
}

describe('the judge on the page', () => {
  it('fetches nothing before it is asked, says how far it is, and can be closed', async () => {
    const play = open()
    expect(play.state().judge.state).toEqual({ kind: 'closed' })
    const seen: string[] = []
    play.store.subscribe(
      ({ judge: { state } }) =>
        void seen.push(state.kind === 'fetching' ? `${state.loaded} of ${state.total}` : state.kind),
    )
    await play.desk.open()
    expect(seen).toEqual(['0 of 12', '6 of 12', 'open'])
    play.desk.close()
    expect(play.state().judge.state).toEqual({ kind: 'closed' })
    expect(play.disposed()).toBe(1)
  })

  it('says why it can’t come', async () => {
    const play = open({ missing: true })
    await play.desk.open()
    expect(play.state().judge.state).toEqual({ kind: 'failed', message: 'The connection was cut.' })
  })

  it('looks at the pictures of the last full run, and at those of the next', async () => {
    const play = open()
    const first = run({ ...settings, samples: 2 })
    play.store.patch({ run: { settled: first } })
    await play.desk.open()
    await play.settle()
    expect(play.state().judge.verdicts).toEqual({
      final: first.final,
      samples: [
        { positive: 1, guided: 2, negative: 2 },
        { positive: 2, guided: 2, negative: 2 },
      ],
    })
    // Each picture's own, in the order in which they were judged: one, three and two of the first sample.
    expect(play.state().judge.distances).toEqual({
      final: first.final,
      samples: [
        { positive: 0, guided: 1, negative: 2 },
        { positive: 3, guided: 4, negative: 5 },
      ],
    })
    const second = run(settings)
    play.store.patch({ run: { settled: second } })
    await play.settle()
    expect(play.state().judge.verdicts?.final).toBe(second.final)
    expect(play.state().judge.distances?.final).toBe(second.final)
  })

  it('draws as many images as were asked for, each once, seeds counting up and classes taking turns', async () => {
    const play = open()
    await play.desk.open()
    await play.desk.evaluate(100)
    expect(play.drawn.map(({ seed }) => seed)).toEqual(Array.from({ length: 100 }, (_, i) => settings.seed + i))
    expect(play.drawn.map((own) => own.class)).toEqual(Array.from({ length: 100 }, (_, i) => i % classes))
    expect(play.state().judge.evaluation).toMatchObject({
      done: 100,
      wanted: 100,
      state: 'done',
      metrics: { positive: { samples: 100 }, guided: { samples: 100 } },
    })
    const last = play.sets.at(-1)!
    expect(last.map((set) => set.map(({ index }) => index))).toEqual(
      [0, 1].map(() => Array.from({ length: 100 }, (_, i) => i)),
    )
    // Positives and guided images are not mixed up.
    expect(last.map((set) => set[5]?.seen)).toEqual([1, 2])
    // Running numbers come at twenty images first.
    expect(play.sets[0]![0]).toHaveLength(20)
  })

  it('stops when told, and begins anew', async () => {
    const play = open({ slow: true })
    await play.desk.open()
    const first = play.desk.evaluate(100)
    await vi.waitUntil(play.asked)
    play.go()
    await play.settle()
    expect(play.state().judge.evaluation).toMatchObject({ done: 1, state: 'drawing' })
    play.desk.stop()
    await first
    expect(play.state().judge.evaluation).toMatchObject({ done: 1, state: 'stopped' })
    void play.desk.evaluate(500)
    expect(play.state().judge.evaluation).toMatchObject({ done: 0, wanted: 500, state: 'drawing' })
    play.desk.close()
    expect(play.state().judge.evaluation).toBeNull()
  })

  it('says why images could not be drawn', async () => {
    const play = open({ broken: true })
    await play.desk.open()
    await play.desk.evaluate(100)
    expect(play.state().judge.evaluation).toMatchObject({
      state: 'failed',
      message: 'The numbers left the range. Lower the scale.',
    })
  })
})

describe('what is drawn', () => {
  it('keeps “no class”, and one sample each', () => {
    expect(settingsOfImage({ ...settings, class: null, samples: 9 }, 13, 10)).toMatchObject({
      class: null,
      samples: 1,
      seed: settings.seed + 13,
    })
    expect(settingsOfImage({ ...settings, class: 4 }, 13, 10)).toMatchObject({ class: 3 })
  })

  it('is refused where seeds run out', () => {
    expect(countRefusal({ ...settings, seed: OWN.seed.max - 99 }, 100)).toBeNull()
    expect(countRefusal({ ...settings, seed: OWN.seed.max - 98 }, 100)).toMatch(/lower seed/)
  })
})
