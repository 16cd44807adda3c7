/** Whether a second network is asked as the first one is: its inputs and outputs, compared by what both graphs declare. Pure. */
import type { ModelInput } from '../../model/description'
import type { GraphValue } from '../../model/guess'
import type { ModelInfo } from '../../model/types'

const names = (values: readonly { readonly name: string }[]) => values.map(({ name }) => name).join(', ') || 'none'
const shape = (dims: readonly (number | string | null)[]) => `[${dims.map((dim) => dim ?? '?').join(', ')}]`

/** Whether a length that a graph declares, as a number, a name or not at all, may be this one. */
const mayBe = (dim: number | string | null | undefined, length: number) => typeof dim !== 'number' || dim === length

/** What of an input is not as the first network's, as a clause; null where nothing is. */
function inputDifference(wanted: ModelInput, own: GraphValue, fixedRows: number | null): string | null {
  const { name, dtype, dims } = wanted
  if (own.dtype !== dtype) return `its input ${name} is ${own.dtype}, the first’s ${dtype}`
  const fits = own.dims.length === dims.length && dims.every((dim, i) => dim === 'rows' || mayBe(own.dims[i], dim))
  if (!fits) return `its input ${name} is ${shape(own.dims)}, the first’s ${shape(dims)}`
  const rows = own.dims[dims.indexOf('rows')]
  if (typeof rows !== 'number' || rows === fixedRows) return null
  return `it takes ${rows} rows at a time, the first ${fixedRows === null ? 'any number' : fixedRows}`
}

interface Interface {
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
}

/** Why a graph of this interface can't be run in the first network's place, and what to do, in sentences; null where it can. */
export function disagreement(
  { inputs, outputs }: Interface,
  first: Pick<ModelInfo, 'inputs' | 'output' | 'fixedRows' | 'image'>,
): string | null {
  const away = (what: string) =>
    `The second network is not asked as the first: ${what}. Export it as the first was: with the same names, types and sizes of inputs and outputs.`
  const lacks = first.inputs.find(({ name }) => inputs.every((own) => own.name !== name))
  if (lacks || inputs.length > first.inputs.length)
    return away(`its inputs are ${names(inputs)}, the first’s ${names(first.inputs)}`)
  for (const wanted of first.inputs) {
    const different = inputDifference(
      wanted,
      inputs.find(({ name }) => name === wanted.name)!,
      first.fixedRows,
    )
    if (different !== null) return away(different)
  }
  const output = outputs.find(({ name }) => name === first.output.name)
  if (!output) return away(`its outputs are ${names(outputs)}, and what is read of the first is ${first.output.name}`)
  const { channels, height, width } = first.image
  const given = [null, first.output.learnedVariance ? 2 * channels : channels, height, width]
  const fits =
    output.dims.length === 0 ||
    (output.dims.length === given.length && given.every((dim, i) => dim === null || mayBe(output.dims[i], dim)))
  return fits
    ? null
    : away(`its output ${output.name} is ${shape(output.dims)}, the first’s ${shape(['rows', ...given.slice(1)])}`)
}
