/** A curve to be drawn: along what, of what, and which measured one it is laid beside. */
import { useEffect, useState } from 'react'
import { byAsMany } from '../../../../lesson'
import { openPort } from '../../../app/engine-port'
import { Lines, NumberField, SelectField, TextField } from '../fields'
import type { AskFormProps } from './props'

interface Measured {
  readonly name: string
  readonly label: string
}

/** What was measured of a family, by the names that lessons have for it; none where nothing was, or it can't be fetched. */
function useMeasured(family: string): readonly Measured[] {
  const [all, setAll] = useState<readonly Measured[]>([])
  useEffect(() => {
    let wanted = true
    const { models, curvesOf, publishedOf } = openPort()
    const model = models.find(({ id }) => id === family)
    if (model)
      Promise.all([curvesOf(model), publishedOf(model)]).then(
        ([curves, rows]) =>
          wanted &&
          setAll([
            ...curves.map(({ name, title, across }) => ({ name, label: `${title} (${across})` })),
            ...rows
              .filter(({ scales }) => byAsMany(scales).length > 1)
              .map(({ name }) => ({ name, label: `${name} (scale)` })),
          ]),
        () => wanted && setAll([]),
      )
    return () => void (wanted = false)
  }, [family])
  return all
}

const OWN = '(my own points)'

const pointsIn = (lines: readonly string[]) =>
  lines.flatMap((line): (readonly [number, number])[] => {
    const [x, y] = line.split(/[\s;:]+/).map((part) => Number(part.replace(',', '.')))
    return x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? [[x, y]] : []
  })

const linesOf = (points: readonly (readonly [number, number])[]) => points.map(([x, y]) => `${x} ${y}`)

export function CurveForm({ ask, onChange, family }: AskFormProps<'curve'>) {
  const all = useMeasured(family)
  const { measured } = ask
  const own = typeof measured !== 'string'
  const known = own || measured === '' || all.some(({ name }) => name === measured)
  const listed = known ? all : [{ name: measured, label: measured }, ...all]
  return (
    <>
      <div className="flex flex-wrap gap-3">
        <div className="min-w-40 flex-1">
          <TextField
            part="curve-along"
            label="Along"
            value={ask.along}
            onChange={(along) => onChange({ ...ask, along })}
          />
        </div>
        <div className="min-w-40 flex-1">
          <TextField part="curve-of" label="The height is" value={ask.of} onChange={(of) => onChange({ ...ask, of })} />
        </div>
        <NumberField
          part="curve-from"
          label="From"
          value={ask.from}
          none={0}
          onChange={(from) => onChange({ ...ask, from: from ?? 0 })}
        />
        <NumberField
          part="curve-to"
          label="To"
          value={ask.to}
          none={0}
          onChange={(to) => onChange({ ...ask, to: to ?? 0 })}
        />
      </div>
      <SelectField
        part="curve-measured"
        label="It is laid beside"
        value={own ? OWN : measured}
        options={[
          ...(measured === '' ? [{ value: '', label: 'choose what was measured' }] : []),
          ...listed.map(({ name, label }) => ({ value: name, label })),
          { value: OWN, label: 'my own points' },
        ]}
        onChange={(name) => onChange({ ...ask, measured: name === OWN ? [] : name })}
      />
      {own && (
        <Lines
          part="curve-points"
          label="Points, one a line: place and height"
          placeholder="0 16.1"
          values={linesOf(measured)}
          counted={(lines) => linesOf(pointsIn(lines))}
          onChange={(lines) => onChange({ ...ask, measured: pointsIn(lines) })}
        />
      )}
    </>
  )
}
