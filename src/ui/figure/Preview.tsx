/** The pictures of a drawn figure, as its file will show them. */
import { useMemo, useState } from 'react'
import type { Figure, Stop } from '../../figure'
import type { ModelInfo } from '../../model/types'
import type { Trajectory } from '../../sampling/records'
import { caption } from '../../settings/words'
import { Hint } from '../kit/Hint'
import { Track } from '../kit/Track'
import { Layer } from '../stage/Layer'
import { toPixels } from '../stage/pixels'

const ROLES: readonly Trajectory[] = ['positive', 'negative', 'guided']

function Image({ image, model }: { readonly image: Float32Array; readonly model: ModelInfo }) {
  const size = model.image
  const pixels = useMemo(() => toPixels(image, size), [image, size])
  return (
    <div className="relative" style={{ aspectRatio: `${size.width} / ${size.height}` }}>
      <Layer pixels={pixels} size={size} smooth />
    </div>
  )
}

interface PanelProps {
  readonly role: Trajectory
  readonly stop: Stop
  readonly model: ModelInfo
}

const COLOURS: Record<Trajectory, string> = { positive: 'text-positive', negative: 'text-negative', guided: '' }

function Panel({ role, stop, model }: PanelProps) {
  const columns = Math.ceil(Math.sqrt(stop.final.length))
  return (
    <div>
      <p className={`mb-1 text-label font-medium ${COLOURS[role]}`}>{role}</p>
      <div className="grid bg-sunken" style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}>
        {stop.final.map((sample, i) => {
          const image = sample[role]
          // Images never change places.
          return image && <Image key={i} image={image} model={model} />
        })}
      </div>
    </div>
  )
}

export function Preview({ figure: { stops, along, model, start } }: { readonly figure: Figure }) {
  const [index, setIndex] = useState(start)
  const stop = stops[index] ?? stops[0]!
  const roles = ROLES.filter((role) => stops.some(({ final }) => final.some((sample) => sample[role] !== null)))
  return (
    <div data-part="figure-preview" role="group" aria-label="What the figure shows">
      <div className="grid grid-cols-3 gap-1.5 sm:gap-4">
        {roles.map((role) => (
          <Panel key={role} role={role} stop={stop} model={model} />
        ))}
      </div>
      <p className="num mt-3 text-center text-label">
        {along.label}: {stop.value.words}
      </p>
      <Track
        part="figure-slider"
        label={along.label}
        value={index}
        min={0}
        max={stops.length - 1}
        step={1}
        largeStep={2}
        valueText={`${along.label}: ${stop.value.words}`}
        onChange={setIndex}
        onSettle={() => undefined}
      />
      <Hint figures className="mt-1">
        {caption(stop.settings, model)}
      </Hint>
    </div>
  )
}
