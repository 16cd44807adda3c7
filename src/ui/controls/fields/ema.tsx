/** A parameter that is the length of a weight average. */
import { useSession } from '../../app/store'
import { EmaSlide } from '../EmaSlide'
import type { FieldProps } from './types'

export function EmaField({ parameter: { key, label, help, of }, values, set }: FieldProps<'ema'>) {
  const session = useSession()
  const value = values[key]
  return (
    <EmaSlide
      part={key}
      label={label}
      help={help}
      of={String(values[of] ?? '')}
      value={typeof value === 'number' ? value : null}
      onChange={(next, gesture) => set(next ?? 'stored', gesture)}
      onSettle={session.settle}
    />
  )
}
