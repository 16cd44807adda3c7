/**
 * Attention over a picture, written in any way: what is found in it does what the same change does in plain double precision, or the layer
 * is refused with a reason. Never accepted and wrong.
 */
import fc from 'fast-check'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { blurMatrix } from '../../../src/core/blur'
import { openGraph } from '../../../src/engine/open-graph'
import { ControlInputs } from '../../../src/network/controls/inputs'
import { findMaps } from '../../../src/network/maps/find'
import { insertMapControls } from '../../../src/network/maps/insert'
import { guidable, type Feeds } from '../../../src/network/maps/types'
import type { AttentionControl } from '../../../src/network/types'
import { answerOf, forms, rowOf, ROWS, sizesOf, type Change, type Form } from '../../support/attention-forms'
import { modelOf } from '../../support/attention-graphs'
import { tries } from '../../support/fuzz'

const open = openGraph({ InferenceSession, Tensor }, null, { intraOpNumThreads: 1, logSeverityLevel: 4 })
/** Of what is wrong the smallest part that was seen is a hundred times as much. */
const NEAR = 1e-4

function feedsOf(form: Form, rows: number): Feeds {
  const { c, beside } = sizesOf(form)
  const of = (key: 'x' | 'text') =>
    Float32Array.from(Array.from({ length: rows }, (_, row) => [...rowOf(form, row)[key]]).flat())
  return {
    x: { type: 'float32', dims: [rows, c, form.height, form.width], data: of('x') },
    ...(form.extra.startsWith('text') && { text: { type: 'float32', dims: [rows, beside, c], data: of('text') } }),
  }
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

const apart = (found: Float32Array, wanted: Float64Array) =>
  wanted.reduce((most, value, i) => Math.max(most, Math.abs(found[i]! - value)), 0)

function blurOf({ height, width }: Form, sigma: number): Change {
  const [down, across] = [blurMatrix(sigma, height), blurMatrix(sigma, width)]
  return { kind: 'blur', weight: ([y, x], [v, u]) => down[y * height + v]! * across[x * width + u]! }
}

/** Of a form: whether it can be guided and blurred; else the reason. */
async function outcome(
  form: Form,
): Promise<{ readonly guided: boolean; readonly blurred: boolean; readonly why: string }> {
  const { model, layers, closed } = await findMaps({
    model: modelOf(form),
    open,
    feeds: (rows) => feedsOf(form, rows),
    batch: null,
    sample: 'x',
  })
  const [layer, ...more] = layers
  expect(more).toEqual([])
  if (!layer || !guidable(layer)) {
    const why = [...closed, ...(layer && 'reason' in layer.verdict ? [layer.verdict] : [])].map(({ reason }) => reason)
    expect(why.join().length).toBeGreaterThan(10)
    return { guided: false, blurred: false, why: why.join() }
  }
  const { n, start, keyStart, queries, keys } = sizesOf(form)
  expect(layer).toMatchObject({ heads: form.heads, queries, keys, image: { start, keyStart, count: n } })
  const controlled = insertMapControls(model, layers, { rows: 'dynamic', features: [], map: null })
  const blurred = controlled[0]!.reach === 'queries'
  const changes: readonly (readonly [AttentionControl | null, Change])[] = [
    [null, { kind: 'none' }],
    [{ mix: 1 }, { kind: 'identity' }],
    ...(blurred ? [1, Infinity].map((sigma) => [{ querySigma: sigma }, blurOf(form, sigma)] as const) : []),
  ]
  const session = await open(model)
  try {
    const inputs = new ControlInputs(controlled)
    for (const [at, [control, change]] of changes.entries()) {
      const changed = at % ROWS
      const rows = Array.from({ length: ROWS }, (_, row) => (row === changed ? [control] : [null]))
      const controls = Object.entries(inputs.feeds(rows, [])).map(
        ([name, { data, dims }]) => [name, { type: 'float32' as const, data, dims }] as const,
      )
      const { y } = await session.run({ ...feedsOf(form, ROWS), ...Object.fromEntries(controls) })
      if (y?.type !== 'float32') throw new Error('no y')
      const each = y.data.length / ROWS
      for (let row = 0; row < ROWS; row++) {
        const wanted = answerOf(form, row, row === changed ? change : { kind: 'none' })
        const found = y.data.slice(row * each, (row + 1) * each)
        // A blur without end may leave next to nothing of it.
        const deviation = deviationOf(answerOf(form, row, { kind: 'none' }))
        expect(apart(found, wanted) / deviation, `${change.kind}, row ${row} of changed ${changed}`).toBeLessThan(NEAR)
      }
    }
  } finally {
    await session.release()
  }
  return { guided: true, blurred, why: '' }
}

it('is guided rightly, or refused', { timeout: 0 }, async () => {
  const outcomes: Awaited<ReturnType<typeof outcome>>[] = []
  await fc.assert(
    fc.asyncProperty(forms, async (form) => void outcomes.push(await outcome(form))),
    tries(25),
  )
  const share = (of: (one: (typeof outcomes)[number]) => boolean) => outcomes.filter(of).length / outcomes.length
  // A search that refuses all would be right, too.
  expect(share(({ guided }) => guided)).toBeGreaterThan(0.9)
  expect(share(({ blurred }) => blurred)).toBeGreaterThan(0.8)
})
