/** A choice of one: a few short words are all seen beside the label, and more than fit there make a drop-down. */
import { Choice, type ChoiceProps } from './Choice'
import { Row } from './Row'
import { Segments } from './Segments'

/** What fits the column of controls: so many options, and so many letters with the label. */
const FEW = 3
const LETTERS = 34

interface OneOfProps extends ChoiceProps {
  /** Goes before the label that is read aloud, where the same choice stands on the page twice. */
  readonly prefix?: string
}

export function OneOf({ prefix = '', ...choice }: OneOfProps) {
  const { label, options } = choice
  const letters = options.reduce((sum, option) => sum + option.label.length + 3, label.length)
  if (letters > LETTERS || options.length > FEW) return <Choice {...choice} />
  return (
    <Row label={label}>
      <Segments {...choice} label={`${prefix}${label}`} />
    </Row>
  )
}
