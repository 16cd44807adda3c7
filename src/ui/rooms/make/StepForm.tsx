/** One step: its title, what the page shows, its text, what is seen of the page, and what there is to do. */
import { useState } from 'react'
import type { DraftStep } from '../../../lesson'
import type { ModelInfo } from '../../../model/types'
import { linkParts } from '../../../settings'
import { bodyOf } from '../../../lesson'
import { Text } from '../../lesson/Markdown'
import { NumberField, TextField } from './fields'
import { needsOf, presetIn, presetWords } from '../../teaching/present'
import { Seen } from './Seen'
import { TaskForm } from './TaskForm'

interface StepFormProps {
  readonly step: DraftStep
  readonly at: number
  /** What the page shows now. */
  readonly now: string
  /** Settings in force where the step has none of its own. */
  readonly inForce: string
  readonly models: readonly ModelInfo[]
  readonly onChange: (change: Partial<DraftStep>) => void
}

type PlaceChange = { readonly onChange: (change: Partial<DraftStep['place']>) => void }

/** What the page shows when the step begins. */
function Shows({ step, at, now, models, onChange }: Omit<StepFormProps, 'onChange' | 'inForce'> & PlaceChange) {
  const { preset } = step.place
  return (
    <div className="flex flex-col gap-1.5 text-label">
      <p className="text-muted">The page shows</p>
      <p data-part="step-shows" className="wrap-anywhere">
        {preset === null
          ? at === 0
            ? 'what a reader has there before'
            : 'what the step before has left'
          : presetWords(preset, models)}
      </p>
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="button"
          data-part="take-now"
          disabled={preset === now}
          onClick={() => onChange({ preset: now })}
        >
          {preset === now ? 'As the page shows now' : 'Take what the page shows now'}
        </button>
        {preset !== null && (
          <>
            <a className="button" data-part="step-open" href={`#${preset}`}>
              Open it
            </a>
            <button
              type="button"
              className="button quiet"
              data-part="step-keep"
              onClick={() => onChange({ preset: null })}
            >
              Leave it as it is
            </button>
          </>
        )}
      </div>
      <details>
        <summary className="cursor-pointer text-hint text-muted">Paste a link instead</summary>
        <div className="mt-1">
          <TextField
            part="step-preset"
            label="A link of this page, of any room"
            value={preset ?? ''}
            onChange={(text) => onChange({ preset: presetIn(text) || null })}
          />
        </div>
      </details>
    </div>
  )
}

/** Narrower bounds of the scale. */
function Bounds({ place, onChange }: { readonly place: DraftStep['place'] } & PlaceChange) {
  const [low, high] = place.ranges['scale'] ?? [null, null]
  const [open, setOpen] = useState<readonly [number | null, number | null]>([low, high])
  function set(next: readonly [number | null, number | null]) {
    setOpen(next)
    const { scale: _, ...others } = place.ranges
    const [from, to] = next
    onChange({ ranges: from === null || to === null ? others : { ...others, scale: [from, to] } })
  }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <NumberField part="range-from" label="Scale from" value={open[0]} onChange={(from) => set([from, open[1]])} />
      <NumberField part="range-to" label="to" value={open[1]} onChange={(to) => set([open[0], to])} />
      <p className="pb-1.5 text-hint text-muted">both or neither</p>
    </div>
  )
}

function Written({ text }: { readonly text: string }) {
  if (!/[$*_`[\n]/.test(text)) return null
  return (
    <details className="text-label">
      <summary className="cursor-pointer text-hint text-muted">As students read it</summary>
      <div data-part="step-read" className="mt-2 border-l-2 border-line pl-3">
        <Text body={bodyOf(text)} />
      </div>
    </details>
  )
}

export function StepForm({ step, at, now, inForce, models, onChange }: StepFormProps) {
  const { title, text, place, task } = step
  const roomOf = (preset: string | null) => linkParts(preset ?? inForce)['room'] ?? 'play'
  function changePlace(change: Partial<DraftStep['place']>) {
    const next = { ...place, ...change }
    // Another room has other parts.
    const moved = roomOf(next.preset) !== roomOf(place.preset)
    onChange({ place: moved ? { ...next, show: null, hide: [], lock: [], ranges: {} } : next })
  }
  return (
    <div data-part="step-form" data-step={at} className="flex flex-col gap-5">
      <TextField
        part="step-title"
        label={`Title of step ${at + 1}`}
        value={title}
        onChange={(next) => onChange({ title: next })}
      />
      <Shows {...{ step, at, now, models }} onChange={changePlace} />
      <div className="flex flex-col gap-1.5">
        <TextField
          part="step-text"
          label="Text"
          rows={5}
          help="Markdown: *emphasis*, lists, [links](https://…). A formula stands between dollar signs: $D^+ + s\,(D^+ - D^-)$."
          value={text}
          onChange={(next) => onChange({ text: next })}
        />
        <Written text={text} />
      </div>
      <TaskForm {...{ task }} family={needsOf(inForce, models)} onChange={(next) => onChange({ task: next })} />
      <Seen {...{ place }} room={linkParts(inForce)['room'] ?? 'play'} onChange={changePlace} />
      <Bounds key={at} {...{ place }} onChange={changePlace} />
    </div>
  )
}
