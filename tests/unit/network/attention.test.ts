/** Finding attention in every form that exporters write, and leaving alone what is not self-attention. */
import { describe, expect, it } from 'vitest'
import { findAttention } from '../../../src/network/attention/find'
import { insertControls } from '../../../src/network/controls/insert'
import { GraphEditor } from '../../../src/network/editor'
import { GraphError, floatTensor, floatValue, intTensor, parseModel, serializeModel } from '../../../src/network/onnx'
import { FORMS, addLayer, attentionModel, emptyModel, layerWeights, type Sizes } from './graphs'

const sizes: Sizes = { height: 4, width: 4, heads: 3, headWidth: 4 }

describe.each(FORMS)('%s', (form) => {
  it('is found as one self-attention layer, whatever its names', () => {
    const model = attentionModel(form, sizes, layerWeights(sizes, 1))
    const survey = findAttention(new GraphEditor(parseModel(serializeModel(model))))
    expect(survey.unreadable).toEqual([])
    expect(survey.cross).toEqual([])
    expect(survey.self).toHaveLength(1)
    const [layer] = survey.self
    expect(layer).toMatchObject({ heads: 3, headWidth: 4, mask: null })
    // Forms whose reshapes leave the tokens to run time don't tell; all others do.
    expect([16, null]).toContain(layer!.tokens)
    if (!form.includes('run time') && !form.includes('computed')) expect(layer!.tokens).toBe(16)
    // Where the tensors are taken behind the scaling, nothing is left to scale.
    expect(layer!.scale).toBeCloseTo(layer!.query.layout === 'split' && layer!.form === 'open' ? 1 : 0.5, 6)
  })
})

describe('queries, keys, values and output', () => {
  it.each(
    FORMS.filter((form) => !form.includes('gathered') && form !== 'channels first' && !form.includes('[rows, heads')),
  )('are taken before heads are split and after they are joined: %s', (form) => {
    const [layer] = findAttention(new GraphEditor(attentionModel(form, sizes, layerWeights(sizes, 1)))).self
    for (const tensor of [layer!.query, layer!.key, layer!.value, layer!.output]) expect(tensor.layout).toBe('joined')
  })

  it('are taken as the products read them where no such tensor exists', () => {
    const [layer] = findAttention(new GraphEditor(attentionModel('channels first', sizes, layerWeights(sizes, 1)))).self
    expect([layer!.query.layout, layer!.key.layout, layer!.value.layout, layer!.output.layout]).toEqual([
      'split',
      'split-transposed',
      'split',
      'joined',
    ])
  })
})

describe('self and cross', () => {
  const open = FORMS.filter((form) => !form.startsWith('packed') && form !== 'channels first')

  it.each(open)('keys from another tensor are cross-attention: %s', (form) => {
    const e = emptyModel(form.startsWith('Attention 23') ? 23 : 17)
    const x = e.addInput(floatValue('x', ['rows', 16, 12]))
    const context = e.addInput(floatValue('context', ['rows', 16, 12]))
    const first = addLayer(e, form, sizes, layerWeights(sizes, 1), x)
    const second = addLayer(e, form, sizes, layerWeights(sizes, 2), first, context)
    const third = addLayer(e, form, sizes, layerWeights(sizes, 3), second)
    e.addOutput(third, floatValue('y', ['rows', 16, 12]))
    const survey = findAttention(e)
    expect(survey.self).toHaveLength(2)
    expect(survey.cross).toHaveLength(1)
    // Only the two self-attention layers get controls, numbered in graph order.
    const layers = insertControls(e.model, {
      grids: [sizes, sizes],
      rows: 'dynamic',
      features: [],
      map: null,
      form: 'fused',
    })
    expect(layers.map(({ index }) => index)).toEqual([0, 1])
    expect(e.graph.input.map(({ name }) => name).filter((name) => name.startsWith('mix'))).toEqual(['mix_0', 'mix_1'])
  })

  it('two projections of equal tensors that are not the same tensor are cross-attention', () => {
    const e = emptyModel()
    const x = e.addInput(floatValue('x', ['rows', 16, 12]))
    const other = e.add('Neg', [x], 'other')
    e.addOutput(addLayer(e, 'A: diffusers', sizes, layerWeights(sizes, 1), x, other), floatValue('y', ['rows', 16, 12]))
    expect(findAttention(e)).toMatchObject({ self: [], cross: [{}] })
  })
})

describe('what is not attention', () => {
  it('a softmax at the end of a classifier is passed over', () => {
    const e = emptyModel()
    const x = e.addInput(floatValue('x', ['rows', 8]))
    const logits = e.add('MatMul', [x, e.addInitializer(floatTensor('w', [8, 3], new Float32Array(24)))], 'logits')
    e.addOutput(e.add('Softmax', [logits], 'p', { attributes: { axis: { int: -1 } } }), floatValue('y', ['rows', 3]))
    expect(findAttention(e)).toEqual({ self: [], cross: [], unreadable: [] })
  })

  it('a softmax over the queries is named as unreadable, and controls refuse the graph', () => {
    const model = attentionModel('C: dynamo', sizes, layerWeights(sizes, 1))
    const softmax = model.graph!.node.find(({ opType }) => opType === 'Softmax')!
    softmax.attribute[0]!.i = 2n
    expect(findAttention(new GraphEditor(model)).unreadable).toEqual([
      { node: softmax.name, reason: 'the softmax is not over the keys' },
    ])
    expect(() => insertControls(model, { rows: 'dynamic', features: [], map: null, form: 'fused' })).toThrow(GraphError)
  })

  it('a causal Attention node is named as unreadable', () => {
    const e = emptyModel(23)
    const x = e.addInput(floatValue('x', ['rows', 16, 12]))
    const y = e.add('Attention', [x, x, x], 'attention', {
      attributes: { q_num_heads: { int: 3 }, kv_num_heads: { int: 3 }, is_causal: { int: 1 } },
    })
    e.addOutput(y, floatValue('y', ['rows', 16, 12]))
    expect(findAttention(e).unreadable).toHaveLength(1)
  })
})

describe('an additive mask of the graph', () => {
  it('is found', () => {
    const model = attentionModel('C: dynamo', sizes, layerWeights(sizes, 1))
    const e = new GraphEditor(model)
    const softmax = model.graph!.node.find(({ opType }) => opType === 'Softmax')!
    const mask = e.addInput(floatValue('mask', ['rows', 1, 16, 16]))
    softmax.input[0] = e.add('Add', [softmax.input[0]!, mask], 'masked')
    expect(findAttention(new GraphEditor(model)).self[0]!.mask).toBe('mask')
  })
})

describe('a mask laid out by rows × heads', () => {
  it('is named as unreadable: it does not fit the controls', () => {
    const model = attentionModel('B: heads in the batch, scaled after the product', sizes, layerWeights(sizes, 1))
    const e = new GraphEditor(model)
    const softmax = model.graph!.node.find(({ opType }) => opType === 'Softmax')!
    softmax.input[0] = e.add('Add', [softmax.input[0]!, e.addInput(floatValue('mask', [null, 16, 16]))], 'masked')
    expect(findAttention(new GraphEditor(model)).unreadable).toEqual([
      { node: softmax.name, reason: 'its mask is laid out by rows × heads' },
    ])
  })
})

describe('shapes', () => {
  it('a head count that no reshape and no shape fixes is named as unreadable', () => {
    const e = emptyModel()
    const x = e.addInput(floatValue('x', ['rows', null, null, null]))
    const w = e.addInitializer(floatTensor('w', [4, 4], new Float32Array(16)))
    const q = e.add('MatMul', [x, w], 'q')
    const k = e.add('Transpose', [e.add('MatMul', [x, w], 'k')], 'kt', { attributes: { perm: { ints: [0, 1, 3, 2] } } })
    const map = e.add('Softmax', [e.add('MatMul', [q, k], 'scores')], 'map', { attributes: { axis: { int: -1 } } })
    e.addOutput(e.add('MatMul', [map, q], 'sums'), floatValue('y', ['rows', null, null, 4]))
    expect(findAttention(e).unreadable[0]!.reason).toMatch(/heads/)
  })

  it('grids that do not fit are refused', () => {
    const model = () => attentionModel('C: dynamo', sizes, layerWeights(sizes, 1))
    const options = { rows: 'dynamic', features: [], map: null, form: 'fused' } as const
    expect(() => insertControls(model(), { ...options, grids: [{ height: 3, width: 5 }] })).toThrow(
      'layer 0 has 16 tokens, not 3 × 5',
    )
    expect(() => insertControls(model(), { ...options, grids: [] })).toThrow('0 token grids')
    expect(() => insertControls(model(), { ...options, map: 1 })).toThrow('no self-attention layer 1')
    expect(insertControls(model(), options)[0]).toMatchObject({ height: 4, width: 4 })
    expect(() =>
      insertControls(attentionModel('A: diffusers', { ...sizes, width: 3 }, layerWeights(sizes, 1)), options),
    ).toThrow(/grid/)
  })

  it('a name that the graph already uses for an input is refused', () => {
    const model = attentionModel('C: dynamo', sizes, layerWeights(sizes, 1))
    new GraphEditor(model).addInitializer(intTensor('mix_0', [1], [0]))
    expect(() => insertControls(model, { rows: 'dynamic', features: [], map: null, form: 'fused' })).toThrow('mix_0')
  })
})

describe('a graph that would take minutes to look through is refused', () => {
  /** Attentions side by side on one tensor, which nothing projects, behind a long way. */
  function many(attentions: number, way: number): GraphEditor {
    const e = emptyModel()
    let q = e.addInput(floatValue('x', ['rows', 4, 16, 4]))
    for (let i = 0; i < way; i++) q = e.add('Relu', [q], `way ${i}`)
    for (let i = 0; i < attentions; i++) {
      const k = e.add('Transpose', [q], `k ${i}`, { attributes: { perm: { ints: [0, 1, 3, 2] } } })
      const map = e.add('Softmax', [e.add('MatMul', [q, k], `scores ${i}`)], `map ${i}`)
      e.add('MatMul', [map, q], `sums ${i}`)
    }
    return e
  }

  it('for the number of its attentions', () => {
    expect(findAttention(many(512, 1)).self).toHaveLength(512)
    expect(() => findAttention(many(513, 1))).toThrow(GraphError)
  })

  it('for the ways that lead from them', () => {
    expect(findAttention(many(40, 500)).self).toHaveLength(40)
    expect(() => findAttention(many(40, 7000))).toThrow('too far')
  })
})
