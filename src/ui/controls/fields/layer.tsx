/** A parameter that names one attention layer. */
import { Later } from '../../kit/Later'
import type { FieldProps } from './types'

/** Few methods have such a one. */
const load = () => import('../../network/LayerChoice')

export function LayerField({ parameter: { key, label, help }, term, values, prefix, set }: FieldProps<'layer'>) {
  const onChange = (next: number) => set(next, 'discrete')
  return <Later load={load} props={{ term, label, help, prefix, value: Number(values[key]), onChange }} />
}
