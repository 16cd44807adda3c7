/** The parts of the page as a list: whether an embed shows each, and whether it is locked there. */
import type { ReactNode } from 'react'
import type { Part } from '../../settings/parts'
import { canHold, CONTROL_PARTS, PANELS, partLabel, ticked, tickedAll, type Ticks } from './parts-choice'

interface ListProps {
  readonly ticks: Ticks
  readonly onChange: (ticks: Ticks) => void
}

interface TickProps extends ListProps {
  readonly part: Part
}

function Held({ part, ticks, onChange }: TickProps) {
  const held = ticks.held.has(part.name)
  return (
    <label className={`flex items-center gap-1.5 text-hint ${held ? '' : 'text-muted'}`}>
      <input
        type="checkbox"
        data-part={`hold-${part.name}`}
        className="size-3.5 accent-[var(--ink)]"
        checked={held}
        onChange={(event) => onChange(ticked(ticks, part, 'held', event.currentTarget.checked))}
      />
      locked<span className="sr-only">: {partLabel(part)}</span>
    </label>
  )
}

function Row({ part, ticks, onChange }: TickProps) {
  const shown = ticks.shown.has(part.name)
  return (
    <li className="flex min-h-6 items-center justify-between gap-3">
      <label className={`flex items-center gap-2 text-label ${PANELS.includes(part) && part.within ? 'pl-5' : ''}`}>
        <input
          type="checkbox"
          data-part={`show-${part.name}`}
          className="size-3.5 accent-[var(--ink)]"
          checked={shown}
          onChange={(event) => onChange(ticked(ticks, part, 'shown', event.currentTarget.checked))}
        />
        {partLabel(part)}
      </label>
      {shown && canHold(part) && <Held {...{ part, ticks, onChange }} />}
    </li>
  )
}

interface GroupProps extends ListProps {
  readonly title: string
  readonly parts: readonly Part[]
  readonly aside?: ReactNode
}

function Group({ title, parts, aside, ...list }: GroupProps) {
  return (
    <fieldset>
      <legend className="float-left w-full pb-1 text-hint text-muted">
        {title}
        {aside}
      </legend>
      <ul className="clear-both flex flex-col">
        {parts.map((part) => (
          <Row key={part.name} part={part} {...list} />
        ))}
      </ul>
    </fieldset>
  )
}

export function PartsList(list: ListProps) {
  const all = CONTROL_PARTS.every(({ name }) => list.ticks.shown.has(name))
  return (
    <div data-part="embed-parts" className="flex flex-col gap-3">
      <Group title="It shows" parts={PANELS} {...list} />
      <Group
        title="Of the controls "
        parts={CONTROL_PARTS}
        aside={
          <button
            type="button"
            data-part="embed-all-controls"
            className="link ml-1"
            onClick={() => list.onChange(tickedAll(list.ticks, !all))}
          >
            {all ? 'none' : 'all'}
          </button>
        }
        {...list}
      />
    </div>
  )
}
