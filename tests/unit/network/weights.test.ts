/** Widening half precision, and external data that is missing or damaged. */
import { create } from '@bufbuild/protobuf'
import { StringStringEntryProtoSchema, TensorProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import {
  DataLocation,
  DataType,
  GraphError,
  countOperators,
  floatValue,
  parseModel,
  serializeModel,
} from '../../../src/network/onnx'
import type { GraphEditor } from '../../../src/network/editor'
import { widenHalf } from '../../../src/core/half'
import { WEIGHTS_PATH, attachWeights, combineWeights, readWeights } from '../../../src/network/weights'
import { emptyModel } from './graphs'

describe('widening', () => {
  it('is exact for every half', () => {
    const wide = widenHalf(Uint16Array.from({ length: 65536 }, (_, i) => i))
    const wrong: string[] = []
    for (let half = 0; half < 65536; half++) {
      const sign = half >>> 15 === 1 ? -1 : 1
      const exponent = (half >>> 10) & 31
      const fraction = half & 1023
      const value =
        exponent === 31
          ? fraction === 0
            ? sign * Infinity
            : Number.NaN
          : exponent === 0
            ? sign * fraction * 2 ** -24
            : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
      if (!Object.is(wide[half], value)) wrong.push(`half ${half.toString(16)} gives ${wide[half]}, not ${value}`)
    }
    expect(wrong).toEqual([])
  })
})

/** y = x + Cast(w), w two external halves 1.5 and −2 at offset 2. */
function halfModel(): GraphEditor {
  const e = emptyModel()
  const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value })
  const external = [entry('location', 'w.bin'), entry('offset', '2'), entry('length', '4')]
  e.addInitializer(
    create(TensorProtoSchema, {
      name: 'w',
      dims: [2n],
      dataType: DataType.FLOAT16,
      dataLocation: DataLocation.EXTERNAL,
      externalData: external,
    }),
  )
  const x = e.addInput(floatValue('x', [2]))
  e.addOutput(
    e.add('Add', [x, e.add('Cast', ['w'], 'wide', { attributes: { to: { int: DataType.FLOAT } } })], 'sum'),
    floatValue('y', [2]),
  )
  return e
}
const file = new Uint8Array(Uint16Array.of(0, 0x3e00, 0xc000, 0).buffer)

describe('weights', () => {
  it.each(['external', 'inline'] as const)('become float32 and lose their casts, %s', (storage) => {
    const { model } = halfModel()
    const weights = readWeights(model, file)
    attachWeights(model, weights, storage)
    const again = parseModel(serializeModel(model))
    expect(countOperators(again)).toEqual({ Add: 1, Identity: 1 })
    const [tensor] = again.graph!.initializer
    expect(tensor!.dataType).toBe(DataType.FLOAT)
    const entries = Object.fromEntries(tensor!.externalData.map(({ key, value }) => [key, value]))
    const bytes =
      storage === 'inline'
        ? tensor!.rawData
        : weights.data.subarray(Number(entries.offset), Number(entries.offset) + Number(entries.length))
    expect([...new Float32Array(new Uint8Array(bytes).buffer)]).toEqual([1.5, -2])
    if (storage === 'external') expect(entries.location).toBe(WEIGHTS_PATH)
  })

  it('stay half when asked', () => {
    const { model } = halfModel()
    const weights = readWeights(model, { 'w.bin': file }, 'keep')
    attachWeights(model, weights, 'inline')
    expect(countOperators(model)).toMatchObject({ Cast: 1 })
    expect([...model.graph!.initializer[0]!.rawData]).toEqual([...file.subarray(2, 6)])
  })

  it('at odd addresses of the buffer are read too', () => {
    const shifted = new Uint8Array(file.length + 1)
    shifted.set(file, 1)
    expect(readWeights(halfModel().model, shifted.subarray(1)).data.subarray(0, 8)).toEqual(
      readWeights(halfModel().model, file).data.subarray(0, 8),
    )
  })

  it('are refused, by name, where the file is missing, too short, or does not fit', () => {
    expect(() => readWeights(halfModel().model, {})).toThrow('weights of w: the file w.bin was not given')
    expect(() => readWeights(halfModel().model, file.subarray(0, 5))).toThrow(
      'weights of w: bytes 2 to 6 are outside w.bin, which has 5 bytes',
    )
    const { model } = halfModel()
    model.graph!.initializer[0]!.dims = [3n]
    expect(() => readWeights(model, file)).toThrow('weights of w: [3] needs 6 bytes, not 4')
  })

  it('can not be widened under an operator that computes in half precision', () => {
    const e = halfModel()
    e.addOutput(e.add('Neg', ['w'], 'negative'), floatValue('z', [2]))
    const weights = readWeights(e.model, file)
    expect(() => attachWeights(e.model, weights)).toThrow(GraphError)
  })
})

describe('prepared weights of another network', () => {
  it('are refused, by name', () => {
    const weights = readWeights(halfModel().model, file)
    const bigger = halfModel().model
    bigger.graph!.initializer[0]!.dims = [3n]
    expect(() => attachWeights(bigger, weights)).toThrow('weights of w: the prepared ones do not fit [3]')
    const other = halfModel().model
    other.graph!.initializer[0]!.name = 'other'
    expect(() => attachWeights(other, weights)).toThrow('weights of other: they are not among the prepared ones')
  })
})

describe('combined weights', () => {
  /** w as above and, in whole numbers, `count`. */
  const weightsOf = (halves: readonly [number, number], count = 7) => {
    const e = halfModel()
    const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value })
    e.addInitializer(
      create(TensorProtoSchema, {
        name: 'count',
        dims: [1n],
        dataType: DataType.INT64,
        dataLocation: DataLocation.EXTERNAL,
        externalData: [entry('location', 'w.bin'), entry('offset', '8'), entry('length', '8')],
      }),
    )
    const bytes = new Uint8Array(16)
    bytes.set(new Uint8Array(Uint16Array.of(0, ...halves, 0).buffer))
    bytes.set(new Uint8Array(BigInt64Array.of(BigInt(count)).buffer), 8)
    return readWeights(e.model, bytes)
  }
  // 1.5 and −2; 3 and 0.25.
  const [a, b] = [weightsOf([0x3e00, 0xc000]), weightsOf([0x4200, 0x3400])]
  const values = (weights: typeof a) => [...new Float32Array(weights.data.buffer, weights.places.get('w')!.offset, 2)]

  it('are the sum of factor times value; what is no float stays', () => {
    const sum = combineWeights([
      { weights: a, factor: 1.5 },
      { weights: b, factor: -0.5 },
    ])
    expect(values(sum)).toEqual([0.75, -3.125])
    expect(sum.places).toEqual(a.places)
    const { offset, length } = sum.places.get('count')!
    expect(sum.data.slice(offset, offset + length)).toEqual(Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0))
    expect(values(combineWeights([{ weights: a, factor: 1 }]))).toEqual([1.5, -2])
    // The parts stay as they are.
    expect([...values(a), ...values(b)]).toEqual([1.5, -2, 3, 0.25])
  })

  it('are rounded once: large parts that cancel leave the small one', () => {
    const parts = [2 ** 30, 1, -(2 ** 30)].map((factor) => ({ weights: a, factor }))
    expect(values(combineWeights(parts))).toEqual([1.5, -2])
  })

  it('are refused where the networks differ in layout or in what is no float, and for no parts or factors', () => {
    const one = readWeights(halfModel().model, file)
    for (const parts of [
      [one, a],
      [a, one],
    ]) {
      expect(() => combineWeights(parts.map((weights) => ({ weights, factor: 1 })))).toThrow(GraphError)
    }
    expect(() => combineWeights([a, weightsOf([0, 0], 8)].map((weights) => ({ weights, factor: 1 })))).toThrow(
      "weights of count: they are not float32 and differ, so they can't be combined",
    )
    expect(() => combineWeights([])).toThrow(RangeError)
    expect(() => combineWeights([{ weights: a, factor: Number.NaN }])).toThrow(RangeError)
  })
})

describe('parsing', () => {
  it('refuses what is not a model', () => {
    expect(() => parseModel(new TextEncoder().encode('<!doctype html>'))).toThrow(GraphError)
    expect(() => parseModel(new Uint8Array())).toThrow(GraphError)
  })
})
