/** Networks on their way, or how much a run under these settings has to fetch. */
import { useMemo } from 'react'
import { usePage, useWanted } from '../app/store'
import { fetchingText } from '../engine/fetching'
import { megabytes } from '../../core/format'
import { Hint } from '../kit/Hint'
import { Progress } from '../kit/Progress'
import { missingBytes, settingsRefusals } from '../method/methods'

export function Downloads() {
  const fetching = usePage((state) => state.engine.fetching)
  const ready = usePage((state) => state.engine.status.kind === 'ready')
  const settings = useWanted((settings) => settings)
  const model = usePage((state) => state.model)
  const fetched = usePage((state) => state.engine.fetched)
  const missing = useMemo(
    () => (ready && settingsRefusals(settings, model).length === 0 ? missingBytes(settings, model, fetched) : 0),
    [ready, settings, model, fetched],
  )
  if (!fetching)
    return missing > 0 ? <Hint part="downloads" figures>{`Needs ${megabytes(missing)} MB more.`}</Hint> : null
  return (
    <div data-part="fetching">
      <Hint figures>{fetchingText(fetching)}</Hint>
      <Progress label={fetching.label} done={fetching.loaded} total={fetching.total} />
    </div>
  )
}
