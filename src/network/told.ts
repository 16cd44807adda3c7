/**
 * What a network makes of its noise level and condition alone, before any image comes in: a function of what a row is told. Where it
 * ends in one short vector a row, the rest of the graph can have that as an input, and the vectors are computed once for whoever asks
 * the same again: at each step of another seed, another scale, another map.
 */
import { GraphEditor } from './editor'
import { floatValue, type ModelProto, type NodeProto } from './onnx'
import { Places } from './places'

/** A tensor that takes nothing but what a row is told, and a number of values for each row. */
export interface ToldTensor {
  readonly name: string
  readonly width: number
}

/** Nodes that only part, or lay out anew, what they read. */
const PARTING = new Set(['Split', 'Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Slice'])
/** Values of a row, at most: more are no embedding. */
const MAX_WIDTH = 1 << 16

/** Tensors that depend on nothing but `inputs` and constants, and at least one of those inputs. */
function toldBy(editor: GraphEditor, inputs: ReadonlySet<string>): ReadonlySet<string> {
  const told = new Set(inputs)
  const constant = (name: string) => name === '' || editor.initializer(name) !== null || fixed.has(name)
  const fixed = new Set<string>()
  for (const node of editor.graph.node) {
    const into = node.input.every(constant)
      ? fixed
      : node.input.every((name) => constant(name) || told.has(name))
        ? told
        : null
    if (into) for (const name of node.output) into.add(name)
  }
  return told
}

/** Drops inputs that nothing reads. */
function dropUnread(editor: GraphEditor): void {
  editor.finish()
  editor.graph.input = editor.graph.input.filter(({ name }) => editor.consumers(name).length > 0)
}

/**
 * Cuts a graph of a fixed number of rows, in place, where what it is told meets the rest. Returns the tensors that are inputs now, under
 * their names; null, with the graph as it was, where they are not a vector for each row, or nothing is computed of them.
 */
export function cutTold(model: ModelProto, inputs: readonly string[], rows: number): readonly ToldTensor[] | null {
  const editor = new GraphEditor(model)
  editor.finish()
  const told = toldBy(editor, new Set(inputs))
  const isTold = (node: NodeProto) => node.output.some((name) => told.has(name))
  const met = new Set<string>()
  for (const node of editor.graph.node) {
    if (isTold(node)) continue
    for (let name of node.input.filter((input) => told.has(input))) {
      for (let maker = editor.producer(name); maker && PARTING.has(maker.opType); maker = editor.producer(name))
        name = maker.input[0]!
      met.add(name)
    }
  }
  const places = new Places(editor)
  const tensors = [...met].map((name) => ({ name, shape: places.shape(name) }))
  const vectors = tensors.every(
    ({ name, shape }) =>
      editor.producer(name) !== null &&
      !editor.isOutput(name) &&
      shape?.length === 2 &&
      shape[0] === rows &&
      shape[1]! <= MAX_WIDTH,
  )
  if (tensors.length === 0 || !vectors) return null
  const cut = tensors.map(({ name, shape }) => ({ name, width: shape![1]! }))
  for (const { name, width } of cut) {
    editor.addInput(floatValue(`${name}/told`, [rows, width]))
    editor.renameUses(new Map([[name, `${name}/told`]]))
  }
  dropUnread(editor)
  return cut
}

/** Name of the input that stands for a tensor. */
export const toldInput = ({ name }: ToldTensor) => `${name}/told`

/** Leaves of a graph, in place, only what makes those tensors. */
export function onlyTold(model: ModelProto, tensors: readonly ToldTensor[]): void {
  const editor = new GraphEditor(model)
  editor.graph.output = tensors.map(({ name, width }) => floatValue(name, [null, width]))
  dropUnread(editor)
}
