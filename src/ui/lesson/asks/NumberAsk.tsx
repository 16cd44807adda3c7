/** A number on a scale, and then the true one on the same scale. */
import { useState } from 'react'
import { isRight } from '../../../lesson'
import { plain } from '../../../core/format'
import { Slide } from '../../kit/Slide'
import { along } from '../../kit/Track'
import type { AskProps } from '../tasks/props'
import { Say, Verdict } from './Say'

/** A step that divides the scale into about a hundred, and is round. */
function stepOf(min: number, max: number): number {
  const rough = (max - min) / 100
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * ([1, 2, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10)
}

/** Where both lie. */
function Both({ ask, value }: { readonly ask: AskProps<'number'>['ask']; readonly value: number }) {
  const share = (at: number) => Math.min(1, Math.max(0, (at - ask.min) / (ask.max - ask.min)))
  const [from, to] = [share(ask.right - ask.tolerance), share(ask.right + ask.tolerance)]
  return (
    <div className="relative h-7" aria-hidden>
      <span className="drawn absolute top-1/2 h-0.5 w-full -translate-y-1/2 rounded-full bg-edge/60" />
      <span
        className="drawn absolute top-1/2 h-2 -translate-y-1/2 rounded-full bg-positive/40"
        style={{ left: along(from), width: `calc(${to - from} * (100% - 1rem))` }}
      />
      <span
        className="drawn absolute top-1/2 h-4 w-0.5 -translate-x-1/2 -translate-y-1/2 bg-positive"
        style={{ left: along(share(ask.right)) }}
      />
      <span
        className="absolute top-1/2 size-3 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-ink bg-surface"
        style={{ left: along(share(value)) }}
      />
    </div>
  )
}

export function NumberAsk({ ask, answer, onAnswer }: AskProps<'number'>) {
  const { min, max, unit } = ask
  const [value, setValue] = useState<number | null>(null)
  const shown = (at: number) =>
    unit === 's' ? `s ${plain(at)}` : `${plain(at)}${unit === null ? '' : `\u00a0${unit}`}`
  if (answer !== null) {
    const right = isRight({ kind: 'predict', question: '', ask, because: null }, answer) === true
    return (
      <>
        <Both ask={ask} value={answer.value} />
        <Verdict right={right}>{`You said ${shown(answer.value)}; it is ${shown(ask.right)}.`}</Verdict>
      </>
    )
  }
  return (
    <>
      <Slide
        part="lesson-number"
        label={unit === null ? 'Your number' : `Your number, ${unit}`}
        value={value ?? (min + max) / 2}
        min={min}
        max={max}
        step={stepOf(min, max)}
        marks={[min, max].map((at) => ({ at, text: plain(at) }))}
        onChange={setValue}
        onSettle={() => undefined}
      />
      <Say disabled={value === null} onClick={() => value !== null && onAnswer({ kind: 'number', value })} />
    </>
  )
}
