/** A prediction: the question, how it is answered, and why it is so. */
import { useState } from 'react'
import type { Ask } from '../../../../lesson'
import { Segments } from '../../../kit/Segments'
import { TextField } from '../fields'
import { ChoiceForm } from './ChoiceForm'
import { CurveForm } from './CurveForm'
import { NumberForm } from './NumberForm'
import type { AskFormProps, TaskFormProps } from './props'

export const NEW_ASKS: { readonly [K in Ask['kind']]: Extract<Ask, { readonly kind: K }> } = {
  choice: { kind: 'choice', choices: ['', ''], right: 0 },
  number: { kind: 'number', min: 0, max: 3, unit: null, right: 1, tolerance: 0.25 },
  curve: {
    kind: 'curve',
    along: 'scale',
    of: 'distance from real drawings',
    from: 0,
    to: 3,
    heights: null,
    measured: '',
  },
}

const KINDS: readonly { readonly value: Ask['kind']; readonly label: string }[] = [
  { value: 'choice', label: 'One of several' },
  { value: 'number', label: 'A number' },
  { value: 'curve', label: 'A drawn curve' },
]

function AskForm({ ask, ...props }: Omit<AskFormProps<Ask['kind']>, 'ask'> & { readonly ask: Ask }) {
  switch (ask.kind) {
    case 'choice':
      return <ChoiceForm ask={ask} {...props} />
    case 'number':
      return <NumberForm ask={ask} {...props} />
    case 'curve':
      return <CurveForm ask={ask} {...props} />
    default:
      return ask satisfies never
  }
}

export function PredictForm({ task, onChange, family }: TaskFormProps<'predict'>) {
  const { question, ask, because } = task
  const [left, setLeft] = useState<readonly Ask[]>([])
  /** Back to a kind that was left, with what was written there. */
  function choose(value: string) {
    const kind = KINDS.find((each) => each.value === value)?.value
    if (!kind || kind === ask.kind) return
    setLeft([...left.filter((each) => each.kind !== ask.kind), ask])
    onChange({ ...task, ask: left.find((each) => each.kind === kind) ?? NEW_ASKS[kind] })
  }
  return (
    <>
      <TextField
        part="question"
        label="Question, answered before the truth is shown"
        value={question}
        onChange={(next) => onChange({ ...task, question: next })}
      />
      <Segments part="ask" label="How it is answered" value={ask.kind} options={KINDS} onChange={choose} />
      <AskForm {...{ ask, family }} onChange={(next) => onChange({ ...task, ask: next })} />
      <TextField
        part="because"
        label="Why it is so, shown after the answer"
        rows={2}
        value={because ?? ''}
        onChange={(next) => onChange({ ...task, because: next === '' ? null : next })}
      />
    </>
  )
}
