/** The page's side of the worker that measures, and the messages between them. */
import { describe, expect, it } from 'vitest'
import type { Judged, Measured } from '../../../src/evaluation/metrics'
import { createMetricsClientFrom } from '../../../src/worker/client/judge'
import { parseAnswer, parseOrder, type Answer, type Order } from '../../../src/worker/metrics-messages'

const kit = {
  info: { statistics: {} } as never,
  graph: new Uint8Array(1),
  weights: new Uint8Array(1),
  statistics: new Uint8Array([7]),
}
const judged: Judged = { index: 0, asked: null, seen: 2, features: new Float32Array(3) }
const blocked = { whole: 1, without: [] }
const measured: Measured = {
  indices: [0],
  frechet: blocked,
  agreement: null,
  precision: blocked,
  recall: { whole: 0.5, without: [0.4, 0.6] },
  clarity: null,
  shift: blocked,
}

function scene() {
  const orders: Order[] = []
  const listeners: Record<string, (event: Event) => void> = {}
  let terminated = false
  const meter = createMetricsClientFrom(
    {
      postMessage: (message) => void orders.push(parseOrder(structuredClone(message))),
      terminate: () => void (terminated = true),
      addEventListener: (type, listener) => void (listeners[type] = listener),
    },
    kit,
  )
  const say = (data: Answer | { kind: string }) =>
    listeners.message!(new MessageEvent('message', { data: structuredClone(data) }))
  return {
    meter,
    orders,
    say,
    die: () => listeners.error!(Object.assign(new Event('error', { cancelable: true }), { message: 'no memory' })),
    terminated: () => terminated,
  }
}

describe('the meter', () => {
  it('sends the renders once, and each answer to who asked', async () => {
    const play = scene()
    const first = play.meter.measure([[judged]])
    const second = play.meter.measure([[judged], []])
    expect(play.orders.map(({ kind }) => kind)).toEqual(['real', 'measure', 'measure'])
    expect(play.orders[0]).toMatchObject({ bytes: kit.statistics })
    play.say({ kind: 'measured', id: 2, sets: [measured, measured] })
    play.say({ kind: 'failed', id: 1, message: 'too few' })
    const [numbers] = await second
    expect(numbers).toMatchObject({ samples: 1, frechet: { value: 1, margin: null }, agreement: null })
    // Half an interval of two blocks: t · √(½ · 2 · 0.1²).
    expect(numbers!.recall).toEqual({ value: 0.5, margin: expect.closeTo(0.22621571628, 9) })
    await expect(first).rejects.toThrow('too few')
  })

  it('answers nobody once its worker stopped, spoke nonsense or was let go', async () => {
    for (const end of ['die', 'nonsense', 'dispose'] as const) {
      const play = scene()
      const asked = play.meter.measure([[judged]])
      if (end === 'die') play.die()
      else if (end === 'nonsense') play.say({ kind: 'nonsense' })
      else play.meter.dispose()
      await expect(asked).rejects.toThrow(end === 'die' ? 'no memory' : end === 'nonsense' ? 'Invalid' : 'closed')
      expect(play.terminated()).toBe(end === 'dispose')
    }
  })
})

describe('messages', () => {
  it.each([
    ['features that are a list', { kind: 'measure', id: 1, sets: [[{ ...judged, features: [0] }]] }],
    ['a class that is a name', { kind: 'measure', id: 1, sets: [[{ ...judged, seen: 'cat' }]] }],
    ['renders that are text', { kind: 'real', info: kit.info, bytes: 'text' }],
  ])('refuse an order with %s', (_, order) => {
    expect(() => parseOrder(order)).toThrow(/^Invalid/)
  })

  it('refuse an answer without a number', () => {
    expect(() =>
      parseAnswer({ kind: 'measured', id: 1, sets: [{ ...measured, frechet: { whole: NaN, without: [] } }] }),
    ).toThrow(/^Invalid/)
  })
})
