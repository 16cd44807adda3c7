/** Which axes of its operands a product of matrices sums over. */
import type { MeasuredShapes } from '../measured-shapes'
import { intAttribute, type NodeProto } from '../onnx'
import { einsumTerms } from './steps'

export interface Summed {
  readonly tensor: string
  readonly axis: number
}

/** The places of a product's two operands among its inputs. */
export const operandsOf = ({ opType }: NodeProto): readonly [number, number] => [0, opType === 'QLinearMatMul' ? 3 : 1]

/** The axes of the operand at a place that fall away; none where the operand is no matrix. */
export function summedAxes(node: NodeProto, place: number, shapes: MeasuredShapes): readonly Summed[] {
  const tensor = node.input[place] ?? ''
  const rank = shapes.of(tensor)?.length ?? 0
  if (rank < 2) return []
  if (node.opType === 'Einsum') {
    const terms = einsumTerms({ node, of: (name) => shapes.of(name) })
    return [...(terms?.inputs[place] ?? '')].flatMap((letter, axis) =>
      terms!.output.includes(letter) ? [] : { tensor, axis },
    )
  }
  const [first, second] = operandsOf(node)
  if (place !== first && place !== second) return []
  const isTurned = intAttribute(node, place === first ? 'transA' : 'transB') === 1
  return [{ tensor, axis: rank - ((place === first) === isTurned ? 2 : 1) }]
}
