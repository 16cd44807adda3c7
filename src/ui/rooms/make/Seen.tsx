/** Which parts of the page students see in a step, and which of them they can't change: by ticking. */
import type { Place } from '../../../lesson'
import { parts, type Part } from '../../../settings/parts'
import { Segments } from '../../kit/Segments'
import { PLAY } from '../rooms'

interface SeenProps {
  readonly place: Place
  /** The room that the step is in. */
  readonly room: string
  readonly onChange: (change: Partial<Place>) => void
}

/** Parts of the playground that the plane has as well. */
const SHARED: readonly string[] = [
  'pictures',
  'sentence',
  'scale',
  'axis',
  'window',
  'controls',
  'class',
  'seed',
  'method',
  'parameters',
  'network',
]

const isIn = ({ name, room: own }: Part, room: string) => own === room || (own === PLAY && SHARED.includes(name))

const without = (names: readonly string[], name: string) => names.filter((each) => each !== name)
const toggled = (names: readonly string[], name: string, on: boolean) =>
  on ? [...without(names, name), name] : without(names, name)

const ticked = (part: Part, { show, hide }: Place) =>
  show === null ? !hide.includes(part.name) : show.includes(part.name)

interface RowProps {
  readonly part: Part
  readonly place: Place
  readonly onChange: SeenProps['onChange']
}

function Row({ part, place, onChange }: RowProps) {
  const { name, words, within, holds } = part
  const { show, hide, lock } = place
  // What it stands in is shown whole.
  const whole = show !== null && within !== null && show.includes(within)
  const seen = whole || ticked(part, place)
  const see = (on: boolean) =>
    onChange(show === null ? { hide: toggled(hide, name, !on) } : { show: toggled(show, name, on) })
  return (
    <li className={`flex items-center gap-3 py-0.5 ${within === null ? '' : 'pl-5'}`}>
      <label className="flex min-w-0 flex-1 items-center gap-2">
        <input
          type="checkbox"
          data-part={`see-${name}`}
          className="accent-(--ink)"
          checked={seen}
          disabled={whole}
          onChange={(event) => see(event.target.checked)}
        />
        <span className={`truncate ${seen ? '' : 'text-muted'}`}>{words}</span>
      </label>
      {holds.length > 0 && (
        <label className="flex shrink-0 items-center gap-1.5 text-hint text-muted">
          <input
            type="checkbox"
            data-part={`hold-${name}`}
            className="accent-(--ink)"
            checked={lock.includes(name)}
            onChange={(event) => onChange({ lock: toggled(lock, name, event.target.checked) })}
          />
          held<span className="sr-only">: {words}</span>
        </label>
      )}
    </li>
  )
}

export function Seen({ place, room, onChange }: SeenProps) {
  const { show } = place
  const all = parts.filter((part) => isIn(part, room) && (show === null || !part.stays))
  // Each after what it stands in.
  const rows = all.flatMap((part) =>
    part.within === null ? [part, ...all.filter(({ within }) => within === part.name)] : [],
  )
  return (
    <fieldset className="flex min-w-0 flex-col gap-2 text-label">
      <legend className="mb-1 text-muted">
        What students see. What is <em>held</em> they see and can’t change.
      </legend>
      <Segments
        part="seen-mode"
        label="What students see"
        value={show === null ? 'all' : 'only'}
        options={[
          { value: 'only', label: 'Only what is ticked' },
          { value: 'all', label: 'All but what is unticked' },
        ]}
        onChange={(mode) =>
          onChange(mode === 'all' ? { show: null, hide: [] } : { show: ['pictures', 'sentence', 'scale'], hide: [] })
        }
      />
      {rows.length > 0 && (
        <ul data-part="parts" className="gap-x-8 sm:columns-2">
          {rows.map((part) => (
            <Row key={part.name} {...{ part, place, onChange }} />
          ))}
        </ul>
      )}
    </fieldset>
  )
}
