/** One layer, picked in the drawing of the network, such as the one whose attention makes a mask. Loaded with the first such control. */
import { Hint } from '../kit/Hint'
import { useId } from 'react'
import { usePage, useSession } from '../app/store'
import { NetworkDrawing } from './NetworkDrawing'

interface LayerChoiceProps {
  /** The term that reads the layer: 0 is the first. */
  readonly term: number
  readonly label: string
  readonly help: string
  readonly prefix: string
  readonly value: number
  readonly onChange: (layer: number) => void
}

export default function LayerChoice({ term, label, help, prefix, value, onChange }: LayerChoiceProps) {
  const session = useSession()
  const labelId = useId()
  const name = usePage((state) => state.model.layers.find(({ index }) => index === value)?.name)
  const onPick = (index: number) => {
    onChange(index)
    session.set({ network: { inspected: { term, layer: index } } })
  }
  return (
    <div>
      <div className="mb-1 flex items-baseline justify-between gap-3">
        <span className="text-label" id={labelId}>
          {label}
        </span>
        <span className="num text-hint text-muted">{name}</span>
      </div>
      <NetworkDrawing labelId={labelId} term={term} prefix={prefix} chosen={[value]} onPick={onPick} />
      <Hint>{help}</Hint>
    </div>
  )
}
