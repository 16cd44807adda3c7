/** A slider with its label, its number and what explains it. */
import { type ReactNode, useId } from 'react'
import { Hint } from './Hint'
import { NumberInput } from './NumberInput'
import { along, Track, type TrackProps } from './Track'

interface SlideProps extends Omit<TrackProps, 'describedBy'> {
  /** Goes before the label that is read aloud, where the same slider stands on the page twice. */
  readonly prefix?: string
  readonly help?: string
  /** What stands at the right of the label; a number field unless given. */
  readonly readout?: ReactNode
  readonly whole?: boolean
  /** Labels under the track, at values of the slider. */
  readonly marks?: readonly { readonly at: number; readonly text: string }[]
}

export function Slide({ prefix = '', help, readout, whole = false, marks, ...track }: SlideProps) {
  const helpId = useId()
  const { part, label, value, min, max, onChange, onSettle } = track
  return (
    <div>
      <div className="flex items-center justify-between gap-3">
        <span className="text-label">{label}</span>
        {readout ?? (
          <NumberInput
            part={`${part}-number`}
            label={`${prefix}${label}, number`}
            value={value}
            min={min}
            max={max}
            whole={whole}
            className="w-16"
            onChange={(next) => {
              onChange(next)
              onSettle()
            }}
          />
        )}
      </div>
      <Track {...track} label={`${prefix}${label}`} {...(help && { describedBy: helpId })} />
      {marks && (
        <div className="num relative -mt-1 mb-1 h-4 text-tiny text-muted" aria-hidden>
          {marks.map(({ at, text }) => {
            const share = (at - min) / (max - min)
            return (
              <span
                key={at}
                translate={/\d|∞/.test(text) ? 'no' : undefined}
                // Labels at the ends are shifted so that they stay within the column.
                className={`absolute ${share === 0 ? '' : share === 1 ? '-translate-x-full' : '-translate-x-1/2'}`}
                style={{
                  left: share === 0 || share === 1 ? `${100 * share}%` : along(share),
                }}
              >
                {text}
              </span>
            )
          })}
        </div>
      )}
      {help && <Hint id={helpId}>{help}</Hint>}
    </div>
  )
}
