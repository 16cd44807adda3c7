/** The network's layers with the verdict on each, and the grids that only a person can tell. */
import type { MapLayer } from '../../../network/maps/types'
import { NumberInput } from '../../kit/NumberInput'
import type { Form } from './form'
import { gridText, headsText, tokensText, verdictText } from './words'

export interface LayersProps {
  readonly layers: readonly MapLayer[]
  readonly form: Form
  readonly onChange: (form: Form) => void
}

/** Where there is no room for columns. */
const inShort = (layer: MapLayer) =>
  [
    layer.heads > 0 && `${layer.heads} ${layer.heads === 1 ? 'head' : 'heads'}`,
    `${tokensText(layer)} tokens`,
    layer.image?.grid && gridText(layer),
    layer.windows > 1 && `${layer.windows} windows`,
  ]
    .filter(Boolean)
    .join(', ')

const able = (layer: MapLayer) => verdictText(layer).able

/** A grid told by hand, for a layer whose tokens are so many. */
function GridFields({
  index,
  count,
  form,
  onChange,
}: Omit<LayersProps, 'layers'> & { readonly index: number; readonly count: number }) {
  const { grids = {} } = form.named
  const [height, width] = grids[index] ?? [0, 0]
  const set = (next: [number, number] | null) => {
    const { [String(index)]: _, ...others } = grids
    onChange({ ...form, named: { ...form.named, grids: next ? { ...others, [index]: next } : others } })
  }
  const divides = (value: number) => (count % value === 0 ? null : `${count} tokens make no rows of ${value}`)
  return (
    <span className="inline-flex items-center gap-1">
      <NumberInput
        part={`grid-height-${index}`}
        label={`Rows of tokens in layer ${index}`}
        value={height}
        min={1}
        max={count}
        whole
        className="w-12"
        refusal={divides}
        onChange={(value) => set([value, count / value])}
      />
      ×
      <NumberInput
        part={`grid-width-${index}`}
        label={`Columns of tokens in layer ${index}`}
        value={width}
        min={1}
        max={count}
        whole
        className="w-12"
        refusal={divides}
        onChange={(value) => set([count / value, value])}
      />
    </span>
  )
}

export function Layers({ layers, form, onChange }: LayersProps) {
  let guided = 0
  const rows = layers.map((layer) => ({ layer, index: able(layer) ? guided++ : null }))
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Layers">
      <table data-part="layers" className="mt-2 w-full text-label">
        <thead className="text-hint text-muted">
          <tr>
            {['', 'Layer', 'Verdict', 'Heads', 'Tokens', 'Grid'].map((title, at) => (
              <th
                key={title}
                scope="col"
                className={`py-1 pr-2 font-normal sm:pr-4 ${at > 2 ? 'text-right max-sm:hidden' : 'text-left'}`}
              >
                {title === '' ? <span className="sr-only">Number</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ layer, index }) => {
            const { word, why } = verdictText(layer)
            return (
              <tr
                key={layer.map}
                data-verdict={layer.verdict.kind}
                className={`border-t border-line align-baseline ${index === null ? 'text-muted' : ''}`}
              >
                <td className="num py-1.5 pr-2 sm:pr-4">{index ?? ''}</td>
                <td translate="no" className="max-w-32 py-1.5 pr-2 break-words sm:max-w-64 sm:pr-4">
                  {layer.node}
                </td>
                <td className="py-1.5 sm:min-w-44 sm:pr-4">
                  <span className={index === null ? '' : 'font-medium'}>{word}</span>
                  <span className="num text-hint text-muted sm:hidden"> · {inShort(layer)}</span>
                  {why !== '' && <span className="block text-hint text-muted">{why}</span>}
                  {layer.verdict.kind === 'needs-grid' && index !== null && (
                    <span className="num mt-1 block">
                      <GridFields {...{ index, form, onChange }} count={layer.image?.count ?? layer.queries} />
                    </span>
                  )}
                </td>
                <td className="num py-1.5 pr-4 text-right max-sm:hidden">{headsText(layer)}</td>
                <td className="num py-1.5 pr-4 text-right whitespace-nowrap max-sm:hidden">
                  {tokensText(layer)}
                  {layer.windows > 1 && <span className="block text-hint text-muted">{layer.windows} windows</span>}
                </td>
                <td className="num py-1.5 text-right whitespace-nowrap max-sm:hidden">{gridText(layer)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
