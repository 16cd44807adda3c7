/** One of several answers. */
import { useId, useState } from 'react'
import { Line } from '../Markdown'
import type { AskProps } from '../tasks/props'
import { Say, Verdict } from './Say'

export function ChoiceAsk({ ask, question, answer, onAnswer }: AskProps<'choice'>) {
  const name = useId()
  const [chosen, setChosen] = useState<number | null>(null)
  const now = answer?.choice ?? chosen
  const mark = (i: number) => (i === ask.right ? '✓' : i === answer?.choice ? '✗' : '')
  return (
    <>
      <fieldset className="flex flex-col gap-1" disabled={answer !== null}>
        <legend className="sr-only">{question}</legend>
        {ask.choices.map((choice, i) => (
          <label
            key={choice}
            data-part="lesson-choice"
            className={`flex items-start gap-2 rounded-[5px] border px-2.5 py-1.5 text-label ${now === i ? 'border-ink' : 'border-line'} ${answer === null ? 'cursor-pointer hover:border-edge' : ''}`}
          >
            <input
              type="radio"
              name={name}
              className="mt-[calc((1lh-1em)/2)] size-[1em] shrink-0 accent-(--ink)"
              checked={now === i}
              onChange={() => setChosen(i)}
            />
            <span className="min-w-0 flex-1">
              <Line>{choice}</Line>
            </span>
            {answer !== null && (
              <span aria-hidden className={i === ask.right ? 'text-positive' : 'text-negative'}>
                {mark(i)}
              </span>
            )}
          </label>
        ))}
      </fieldset>
      {answer === null ? (
        <Say
          disabled={chosen === null}
          onClick={() => chosen !== null && onAnswer({ kind: 'choice', choice: chosen })}
        />
      ) : (
        <Verdict right={answer.choice === ask.right}>
          {answer.choice === ask.right ? '' : `It is: ${ask.choices[ask.right] ?? ''}.`}
        </Verdict>
      )}
    </>
  )
}
