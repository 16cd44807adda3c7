/** The menu of methods: grouped, each with its sentence, and what stands in its way or would be fetched said before it is chosen. */
import { Hint } from '../kit/Hint'
import { Select } from '@base-ui/react/select'
import { useId, useMemo } from 'react'
import { usePage, useWanted } from '../app/store'
import { megabytes } from '../../core/format'
import { popups } from '../kit/popups'
import { Words } from '../kit/Tex'
import { chooserGroups, type MethodEntry, methodSentence } from './methods'
import type { MethodMenuProps } from './select-props'

function Entry({ entry: { method, reason, bytes } }: { readonly entry: MethodEntry }) {
  const sentenceId = useId()
  return (
    <Select.Item
      value={method.id}
      data-method={method.id}
      label={method.name}
      disabled={reason !== null}
      aria-describedby={sentenceId}
      className="group grid cursor-default scroll-mt-9 grid-cols-[0.75rem_1fr] gap-x-2 px-3 py-1.5 text-label outline-none data-highlighted:bg-sunken"
    >
      <Select.ItemIndicator className="col-start-1 pt-1.5">
        <span className="block size-1.5 rounded-full bg-ink" />
      </Select.ItemIndicator>
      <div className="col-start-2 min-w-0">
        <div className="flex items-baseline justify-between gap-3 group-data-disabled:text-muted">
          <Select.ItemText>
            <span className="font-medium">{method.name}</span>
            {method.title !== method.name && <span className="pl-2 text-muted">{method.title}</span>}
          </Select.ItemText>
          {bytes > 0 && <span className="num shrink-0 text-hint text-muted">needs {megabytes(bytes)} MB more</span>}
        </div>
        <Hint id={sentenceId}>
          {reason === null ? <Words>{methodSentence(method)}</Words> : <span className="note">{reason}</span>}
        </Hint>
      </div>
    </Select.Item>
  )
}

/** What term `at` can become. Each method is asked what stands in its way, so it is mounted only while the menu is open. */
function Entries({ at }: { readonly at: number }) {
  const model = usePage((state) => state.model)
  const settings = useWanted((settings) => settings)
  const fetched = usePage((state) => state.engine.fetched)
  const groups = useMemo(() => chooserGroups(settings, at, model, fetched), [settings, at, model, fetched])
  return (
    <Select.List>
      {groups.map((group) => (
        <Select.Group key={group.label}>
          <Select.GroupLabel className="sticky top-0 z-10 border-b border-line bg-surface px-3 pt-2.5 pb-1.5 text-hint text-muted">
            {group.label}
          </Select.GroupLabel>
          {group.entries.map((entry) => (
            <Entry key={entry.method.id} entry={entry} />
          ))}
        </Select.Group>
      ))}
    </Select.List>
  )
}

export default function MethodMenu({ part, at, value, onChange, labelledBy, className, face }: MethodMenuProps) {
  return (
    <Select.Root defaultOpen value={value} onValueChange={(next) => next !== null && next !== value && onChange(next)}>
      <Select.Trigger data-part={part} aria-labelledby={labelledBy} className={className}>
        {face}
      </Select.Trigger>
      <Select.Portal container={popups}>
        <Select.Positioner
          alignItemWithTrigger={false}
          sideOffset={6}
          align="end"
          collisionPadding={12}
          className="z-50"
        >
          <Select.Popup className="popup max-h-[min(34rem,var(--available-height))] w-[28rem] max-w-[calc(100vw-1.5rem)] overflow-y-auto overscroll-contain pb-1.5">
            <Entries at={at} />
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  )
}
