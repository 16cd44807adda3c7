/** A slider's track and thumb, without words. */
import { Slider } from '@base-ui/react/slider'
import type { ReactNode } from 'react'

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
  /** How far a large step goes; ten steps unless given. */
  readonly largeStep?: number
  /** The value from which the track is filled; the lowest unless given. */
  readonly origin?: number
  /** What lies on the track, under the thumb; see `along`. */
  readonly children?: ReactNode
}

/** Where the thumb's middle is at a share of the track: the thumb stays within it. */
export function along(share: number): string {
  return `calc(0.5rem + ${share} * (100% - 1rem))`
}

/** The filled part, between two shares of the track. */
function Fill({ from, to }: { readonly from: number; readonly to: number }) {
  const [low, high] = from < to ? [from, to] : [to, from]
  return (
    <span
      className="absolute inset-y-0 rounded-full bg-ink"
      style={{
        left: low === 0 ? 0 : along(low),
        width: `calc(${low === 0 ? '0.5rem + ' : ''}${high - low} * (100% - 1rem))`,
      }}
    />
  )
}

export function Track(props: TrackProps) {
  const { part, label, min, max, step, onChange, onSettle, valueText, describedBy } = props
  const { largeStep = 10 * step, origin = min, children } = props
  const value = Math.min(max, Math.max(min, props.value))
  const share = (at: number) => (at - min) / (max - min)
  return (
    <Slider.Root
      value={value}
      min={min}
      max={max}
      step={step}
      largeStep={largeStep}
      thumbAlignment="edge"
      onValueChange={(next) => onChange(next)}
      onValueCommitted={onSettle}
    >
      <Slider.Control className="flex h-7 w-full touch-none items-center select-none">
        <Slider.Track className="drawn h-0.5 w-full rounded-full bg-edge/60">
          {children}
          <Fill from={share(origin)} to={share(value)} />
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
