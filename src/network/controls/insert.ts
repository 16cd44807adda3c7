/**
 * Makes what a guidance method does to self-attention an input of the graph, per batch row and per layer, so that positive
 * and negative share one run and no slider rebuilds a session. Each self-attention layer becomes
 *
 *   O  = softmax(scale · (B_h · Q · B_wᵀ) Kᵀ + bias) V        B: query blur, with the temperature as a factor on B_h
 *   O' = O + mix · (V − O)                                    mix 1 is the identity map (PAG)
 *
 * with the middle as one fused MultiHeadAttention node (2 GPU dispatches instead of about 10), or open where a map is
 * wanted. Neutral inputs (B the identity, mix 0, bias 0) leave every bit of a row as it is. Formulation: guidance that
 * perturbs attention, as one graph (PAG arXiv 2403.17377, SEG arXiv 2408.00760, SoftPAG arXiv 2506.10978).
 *
 * What changes the map A after the softmax, and leaving residual branches out, needs further inputs; they are features that a
 * graph has or has not. With A' = (L A R) ⊙ K + E, the product A' V is L (A (R V)) + E V where K is not among the features, so
 * that the attention in the middle stays fused; only K and the sparse maps need the map itself. A branch f becomes x + g · f(x).
 */
import { findAttention } from '../attention/find'
import type { AttentionSurvey, AttentionTensor, FoundAttention } from '../attention/types'
import { GraphEditor, checkOpset } from '../editor'
import { GraphError, type ModelProto } from '../onnx'
import { findResiduals } from '../residuals'
import { branchesOf, controlBranches, gatedIn, gatedOf } from './branches'
import { LayerBuilder, type Changes } from './layer'
import { bakeRows } from './rows'
import {
  controlNames,
  type ControlOptions,
  type ControlledLayer,
  type Feature,
  type Extent,
  type TokenGrid,
} from './types'

function gridOf(found: FoundAttention, index: number, grids: readonly TokenGrid[] | undefined): TokenGrid {
  const given = grids?.[index]
  if (given) {
    if (found.tokens !== null && found.tokens !== given.height * given.width) {
      throw new GraphError(`layer ${index} has ${found.tokens} tokens, not ${given.height} × ${given.width}`)
    }
    return given
  }
  const side = found.tokens === null ? Number.NaN : Math.sqrt(found.tokens)
  if (!Number.isInteger(side))
    throw new GraphError(`layer ${index} (${found.nodes.at(-1)}): its token grid is not known; give it`)
  return { height: side, width: side }
}

/** The graph's self-attention. Throws GraphError where there is none to read, or the options do not fit it. */
function surveyed(editor: GraphEditor, { grids, map, branches }: ControlOptions): AttentionSurvey {
  checkOpset(editor)
  const survey = findAttention(editor)
  if (survey.self.length === 0) {
    const reasons = survey.unreadable.map(({ node, reason }) => `${node}: ${reason}`).join('; ')
    throw new GraphError(`no self-attention found${reasons === '' ? '' : ` (${reasons})`}`)
  }
  if (grids && grids.length !== survey.self.length)
    throw new GraphError(`${grids.length} token grids were given for ${survey.self.length} self-attention layers`)
  if (map !== null && !(map in survey.self)) throw new GraphError(`there is no self-attention layer ${map}`)
  if (branches && branches.length !== survey.self.length)
    throw new GraphError(`branches were given for ${branches.length} of ${survey.self.length} self-attention layers`)
  return survey
}

/** The tensor that takes the place of the attention's output, with every control on the way to it. */
function controlled(builder: LayerBuilder, found: FoundAttention, index: number, options: ControlOptions): string {
  const has = (...features: readonly Feature[]) => features.some((feature) => options.features.includes(feature))
  const extent = options.map === null ? options.extent : undefined
  const joined = builder.joined(found.query, 'query_joined')
  const query = extent?.blur === false ? joined : builder.blurred(joined)
  const key = builder.joined(found.key, 'key_joined')
  const value = builder.joined(found.value, 'value_joined')
  const names = controlNames(index)
  const matrix = (wanted: boolean, name: string) => (wanted ? builder.matrix(name) : null)
  const bias = matrix(has('mask'), names.bias)
  const changes: Changes = {
    left: matrix(has('smooth', 'shuffle'), names.left),
    right: matrix(has('smooth'), names.right),
    keep: matrix(has('drop'), names.keep),
    noise: matrix(has('noise'), names.noise),
  }
  const mix = extent ? null : builder.mix()
  const biases = [found.mask, bias].filter((name) => name !== null)
  const sparse = (['entmax', 'sparsemax'] as const).filter((kind) => has(kind))
  let output: string
  if (changes.keep !== null || options.map === index) {
    const map = builder.changed(builder.map(query, key, biases, sparse), changes)
    output = builder.attended(map, value)
    if (mix !== null && options.map === index) builder.outputs(map, mix)
  } else {
    const { left, right, noise } = changes
    const values = right === null ? value : builder.onTokens(right, value, 'values_right')
    output =
      options.form === 'open' || found.mask !== null || sparse.length > 0
        ? builder.attended(builder.map(query, key, biases, sparse), values)
        : builder.fused(query, key, values, bias)
    if (left !== null) output = builder.onTokens(left, output, 'attention_left')
    if (noise !== null) output = builder.sum(output, builder.onTokens(noise, value, 'values_noise'), 'attention_noisy')
  }
  if (has('extrapolate')) output = builder.extrapolated(output, value)
  return builder.likeOutput(
    mix === null ? narrowed(builder, output, value, extent!.mix) : builder.mixed(output, value, mix),
  )
}

function narrowed(builder: LayerBuilder, output: string, value: string, mix: Extent['mix']): string {
  switch (mix) {
    case 'none':
      return output
    case 'whole':
      return builder.whole(output, value)
    case 'part':
      return builder.weighed(output, value)
    default:
      return mix satisfies never
  }
}

/**
 * Inserts the controls into every self-attention layer of `model`, in place, and returns the layers. Cross-attention and
 * everything else stays as it is. Throws GraphError where the graph has no readable self-attention, a grid does not fit,
 * or the batch size is fixed to another.
 */
export function insertControls(model: ModelProto, options: ControlOptions): readonly ControlledLayer[] {
  const editor = new GraphEditor(model)
  const survey = surveyed(editor, options)
  const rows = bakeRows(editor, options.rows)
  // A tensor that an earlier layer replaced may be what a later one reads.
  const renamed = new Map<string, string>()
  const current = (tensor: AttentionTensor): AttentionTensor => ({
    ...tensor,
    name: renamed.get(tensor.name) ?? tensor.name,
  })
  const { branches } = options
  const residuals = branches
    ? branches.map((own) => gatedIn(editor, own))
    : findResiduals(editor, survey.self, survey.cross).map(gatedOf)
  const layers = survey.self.map((found, index): ControlledLayer => {
    const { height, width } = gridOf(found, index, options.grids)
    return {
      index,
      height,
      width,
      tokens: height * width,
      heads: found.heads,
      reach: 'queries',
      values: true,
      ...branchesOf(residuals[index]!),
    }
  })
  for (const layer of layers) {
    const original = survey.self[layer.index]!
    const { query, key, value } = original
    const found = { ...original, query: current(query), key: current(key), value: current(value) }
    const builder = new LayerBuilder(editor, found, layer, rows)
    const replacement = controlled(builder, found, layer.index, options)
    editor.renameUses(new Map([[found.output.name, replacement]]))
    renamed.set(found.output.name, replacement)
    controlBranches(editor, residuals[layer.index]!, layer, options.features, rows)
  }
  editor.finish()
  return layers
}
