/** Which family of models draws; another one opens with its first picture, and Back returns. Nothing where there is but one. */
import { useEffect, useSyncExternalStore } from 'react'
import { shownFamilies } from '../../model/families'
import { openedParts } from '../../model/opened'
import { listVersion, watchModels } from '../app/models'
import { usePage, useSession } from '../app/store'
import { Choice } from '../kit/Choice'
import { Hint } from '../kit/Hint'
import { RoomLink } from '../rooms/RoomLink'
import { useOpened } from '../run/use-opened'

export function ModelChoice() {
  const session = useSession()
  const model = usePage((state) => state.model)
  // The list itself grows.
  useSyncExternalStore(watchModels, listVersion, listVersion)
  const families = shownFamilies(session.models)
  const opened = useOpened()
  useEffect(() => {
    if (opened) void import('../app/opened').then(({ readOpened }) => readOpened()).catch(() => undefined)
  }, [opened])
  if (families.length < 2) return null
  // Only a link names a hidden model.
  const known = families.some(({ id }) => id === model.id) ? families : [model, ...families]
  return (
    <div>
      <Choice
        part="model"
        label="Model"
        value={model.id}
        options={known.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(next) => {
          const chosen = session.models.find(({ id }) => id === next)
          if (chosen) session.openModel(chosen)
        }}
      />
      <Hint className="mt-1">
        {model.family.sentence}{' '}
        <RoomLink room="open" part="to-open" className="link">
          {openedParts(model.id) === null ? 'Open a model of your own' : 'Open another, or forget it'}
        </RoomLink>
      </Hint>
    </div>
  )
}
