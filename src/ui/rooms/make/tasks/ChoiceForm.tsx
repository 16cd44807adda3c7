/** The answers to choose from, and which is right. */
import { useId } from 'react'
import type { AskFormProps } from './props'

const MOST = 6

export function ChoiceForm({ ask, onChange }: AskFormProps<'choice'>) {
  const { choices, right } = ask
  const name = useId()
  const remove = (at: number) =>
    onChange({
      ...ask,
      choices: choices.filter((_, i) => i !== at),
      right: right > at || right === choices.length - 1 ? Math.max(0, right - 1) : right,
    })
  return (
    <fieldset className="flex flex-col gap-1.5 text-label">
      <legend className="mb-1 text-muted">Answers to choose from; mark the right one</legend>
      {choices.map((choice, i) => (
        <div key={i} className="flex items-center gap-2">
          <input
            type="radio"
            name={name}
            data-part="choice-right"
            className="accent-(--ink)"
            aria-label={`Answer ${i + 1} is right`}
            checked={right === i}
            onChange={() => onChange({ ...ask, right: i })}
          />
          <input
            data-part="choice-text"
            className="field min-w-0 flex-1"
            aria-label={`Answer ${i + 1}`}
            value={choice}
            onChange={(event) =>
              onChange({ ...ask, choices: choices.map((each, at) => (at === i ? event.target.value : each)) })
            }
          />
          {choices.length > 2 && (
            <button
              type="button"
              className="button quiet"
              aria-label={`Remove answer ${i + 1}`}
              onClick={() => remove(i)}
            >
              Remove
            </button>
          )}
        </div>
      ))}
      {choices.length < MOST && (
        <button
          type="button"
          className="button self-start"
          data-part="choice-add"
          onClick={() => onChange({ ...ask, choices: [...choices, ''] })}
        >
          Another answer
        </button>
      )}
    </fieldset>
  )
}
