/** The grid: one picture for every combination of values of up to three settings. */
import { Hint } from '../../../../kit/Hint'

export default function GridTab() {
  return <Hint>One picture for every combination of values of up to three settings: not built yet.</Hint>
}
