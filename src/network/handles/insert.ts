/**
 * Adds the handles to a graph as inputs, with the names and meanings that shipped networks have: neutral values leave every bit of a
 * row. What is at attention maps is added by `insertMapControls`, before or after.
 */
import { bakeRows } from '../controls/rows'
import { GraphEditor } from '../editor'
import { elementType } from '../element-type'
import { DataType, floatValue, intTensor, type Dimension, type ModelProto } from '../onnx'
import { EMBEDDING_OFFSET, type EmbeddingHandle } from './types'

/** e + offset, wherever the embedding e is. */
function offsetEmbedding(editor: GraphEditor, embedding: EmbeddingHandle, rows: Dimension): void {
  if (embedding.kind !== 'found') return
  const { tensors, dims, width } = embedding
  const offset = editor.addInput(floatValue(EMBEDDING_OFFSET, [rows, width]))
  const shape = editor.addInitializer(intTensor('handles/offset_shape', [dims.length], [-1, ...dims.slice(1)]))
  const like = editor.add('Reshape', [offset, shape], 'handles/offset')
  for (const tensor of tensors) {
    const type = elementType(editor, tensor)
    const own =
      type === DataType.FLOAT
        ? like
        : editor.add('Cast', [like], 'handles/offset_as', { attributes: { to: { int: type } } })
    editor.interpose(tensor, (before) => editor.add('Add', [before, own], 'handles/embedding'))
  }
}

/** Inserts what was found, in place. Throws GraphError where the graph is not the one that was searched, or for another number of rows than its own. */
export function insertHandles(
  model: ModelProto,
  { embedding }: { readonly embedding: EmbeddingHandle },
  { rows }: { readonly rows: number | 'dynamic' },
): void {
  const editor = new GraphEditor(model)
  offsetEmbedding(editor, embedding, bakeRows(editor, rows))
  editor.finish()
}
