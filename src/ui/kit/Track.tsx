/** A slider's track and thumb, without words. */
import { Slider } from '@base-ui/react/slider'

export interface TrackProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly onChange: (value: number) => void
  readonly onSettle: () => void
  readonly valueText?: string
  /** Id of the element that explains the slider. */
  readonly describedBy?: string
}

export function Track({ part, label, value, min, max, step, onChange, onSettle, valueText, describedBy }: TrackProps) {
  return (
    <Slider.Root
      value={Math.min(max, Math.max(min, value))}
      min={min}
      max={max}
      step={step}
      largeStep={step * 10}
      thumbAlignment="edge"
      onValueChange={(next) => onChange(next)}
      onValueCommitted={onSettle}
    >
      <Slider.Control className="flex h-7 w-full touch-none items-center select-none">
        <Slider.Track className="h-0.5 w-full rounded-full bg-edge/60">
          <Slider.Indicator className="rounded-full bg-ink" />
          <Slider.Thumb
            data-part={part}
            aria-label={label}
            aria-describedby={describedBy}
            getAriaValueText={valueText ? () => valueText : null}
            className="size-4 rounded-full border-2 border-ink bg-surface has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-positive"
          />
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  )
}
