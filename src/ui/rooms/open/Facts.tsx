/** What the network is and what it will cost here, before anything heavy; and which files are still missing. */
import type { Looked } from '../../../worker/opener/messages'
import { useGpuLimits } from './gpu'
import { bufferText, countText, costText, heavyText, sizeText } from './words'

function Interface({ look }: Pick<Looked, 'look'>) {
  const row = ({ name, dtype, dims }: Looked['look']['inputs'][number]) => (
    <li key={name} translate="no">
      {name} <span className="text-muted">{`${dtype} [${dims.map((dim) => dim ?? '?').join(', ')}]`}</span>
    </li>
  )
  return (
    <details className="mt-1.5 text-label">
      <summary className="text-muted">Its inputs and outputs</summary>
      <ul data-part="interface" className="num mt-1 pl-4">
        {look.inputs.map(row)}
        {look.outputs.map(row)}
      </ul>
    </details>
  )
}

export function Facts({ looked }: { readonly looked: Looked }) {
  const { look, bytes, notes } = looked
  const heavy = heavyText(look.parameters)
  const buffer = bufferText(look.largest, useGpuLimits())
  return (
    <div className="mt-3 max-w-[46rem]">
      <p data-part="facts" className="text-label">
        <span className="font-medium">{countText(look.parameters)} parameters</span>, {sizeText(bytes)}, ONNX opset{' '}
        {look.opset}. {costText(look.parameters)}
      </p>
      {heavy !== null && (
        <p data-part="heavy" className="note mt-1.5 text-label">
          {heavy}
        </p>
      )}
      {buffer !== null && (
        <p data-part="buffer" className="note mt-1.5 text-label">
          {buffer}
        </p>
      )}
      {look.missing.length > 0 && (
        <p role="status" data-part="missing" className="note mt-1.5 text-label font-medium">
          Its weights are in other files. Drop also{' '}
          {look.missing.map((name, at) => (
            <span key={name}>
              {at > 0 && ', '}
              <span translate="no">{name}</span>
            </span>
          ))}
          .
        </p>
      )}
      {notes.map((note) => (
        <p key={note} className="mt-1.5 text-label text-muted">
          {note}
        </p>
      ))}
      {look.guess === null && looked.told === null && (
        <p role="alert" data-part="no-guess" className="mt-1.5 text-label text-alert">
          {look.refusal}
        </p>
      )}
      <Interface look={look} />
    </div>
  )
}
