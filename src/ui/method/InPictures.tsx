/** How large the difference is in the pictures at the playhead, and what their own scale makes of it. */
import { folds, isGuided, methodById } from '../../guidance/index'
import { valueOf } from '../../numbers'
import { differenceSize } from '../../numbers/numbers/difference-size'
import { usePage, useShownSettings } from '../app/store'
import { formatSigma, percent } from '../../core/format'
import { Hint } from '../kit/Hint'
import { useRecord } from '../run/use-record'
import { termWords } from '../../settings/words'

/** What of D⁺ the push adds. */
function added(share: number): string {
  return share < 0 ? `, and this goes ${percent(-share)} towards the negative` : `, so this adds ${percent(share)}`
}

export function InPictures() {
  const own = useShownSettings((settings) => settings)
  const focus = usePage((state) => state.stage.focus)
  const { image } = usePage((state) => state.model)
  const record = useRecord()
  const sample = record?.samples[focus]
  // Without a negative of its own at each step there is no difference to measure.
  if (!record || !sample || !isGuided(own) || folds(own)) return null
  const ratio = valueOf(differenceSize, sample, image)
  const adds =
    typeof ratio === 'number'
      ? `the difference is ${percent(ratio)} of D⁺${methodById(own.method)?.kind === 'combiner' ? '' : added(own.scale * ratio)}`
      : 'nothing is added'
  return (
    <Hint
      part="in-pictures"
      figures
    >{`In the pictures (${termWords(own)}) at σ ${formatSigma(record.sigma)} ${adds}.`}</Hint>
  )
}
