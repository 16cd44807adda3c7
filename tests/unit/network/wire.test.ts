/** What a stranger's file would take in memory is known before it is read. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { GraphError, parseModel } from '../../../src/network/onnx'
import { memoryToRead } from '../../../src/network/wire'

const LENGTH = 6_000_000

/** Seven bits a byte, the lowest first. */
const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) | 128, ...varint(value >>> 7)])

const many = (unit: readonly number[]) => {
  const bytes = new Uint8Array(LENGTH - (LENGTH % unit.length))
  for (let i = 0; i < bytes.length; i++) bytes[i] = unit[i % unit.length]!
  return bytes
}

/** The bytes as fields inside fields, by their numbers from the outermost. */
const inside = (bytes: Uint8Array, ...numbers: readonly number[]) =>
  numbers.reduceRight<Uint8Array>((inner, number) => {
    const head = [...varint(number * 8 + 2), ...varint(inner.length)]
    const whole = new Uint8Array(head.length + inner.length)
    whole.set(head)
    whole.set(inner, head.length)
    return whole
  }, bytes)

const [GRAPH, NODE, ATTRIBUTE, INTS, TENSOR, RAW] = [7, 1, 5, 8, 5, 9]

describe('a file of many small parts', () => {
  it.each([
    ['nodes', inside(many([0x0a, 0x00]), GRAPH)],
    ['names in a node', inside(many([0x0a, 0x00]), GRAPH, NODE)],
    ['whole numbers of an attribute', inside(many([1]), GRAPH, NODE, ATTRIBUTE, INTS)],
    ['lengths of a tensor', inside(many([1]), GRAPH, TENSOR, 1)],
    ['values of a tensor, a byte each', inside(many([1]), GRAPH, TENSOR, 5)],
    ['fields that nobody knows', many([0xf8, 0x01, 0x00])],
  ])('%s: is refused before it is read', (_, bytes) => {
    expect(() => parseModel(bytes)).toThrow(
      new GraphError('too many parts: it would take more memory than its file twice over'),
    )
  })

  it('is told from one large tensor, which takes no more than its bytes', () => {
    expect(memoryToRead(inside(new Uint8Array(LENGTH), GRAPH, TENSOR, RAW), ModelProtoSchema, Infinity)).toBeLessThan(
      2000,
    )
  })

  it('a length beyond the end, and parts nested without end, are left to the reader', () => {
    expect(memoryToRead(Uint8Array.of(0x3a, 0x7f, 0), ModelProtoSchema, Infinity)).toBeNull()
    // A graph in an attribute of a node of a graph …
    const deep = Array.from({ length: 40 }, () => [NODE, ATTRIBUTE, 6]).flat()
    expect(memoryToRead(inside(new Uint8Array(), GRAPH, ...deep), ModelProtoSchema, Infinity)).toBeNull()
  })
})

it('what is shipped takes far less than the bound', () => {
  const models = join(import.meta.dirname, '../../../models')
  const graphs = ['avatars', 'tiny'].flatMap((family) =>
    readdirSync(join(models, family))
      .filter((name) => name.endsWith('.onnx'))
      .map((name) => join(models, family, name)),
  )
  expect(graphs.length).toBeGreaterThan(5)
  for (const file of graphs) {
    const memory = memoryToRead(readFileSync(file), ModelProtoSchema, Infinity)
    expect(memory, file).toBeGreaterThan(0)
    expect(memory, file).toBeLessThan(20e6)
  }
})
