/** Which family of models draws; another one opens with its first picture, and Back returns. Nothing where there is but one. */
import { useMemo } from 'react'
import { shownFamilies } from '../../model/families'
import { usePage, useSession } from '../app/store'
import { Choice } from '../kit/Choice'
import { Hint } from '../kit/Hint'

export function ModelChoice() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const families = useMemo(() => shownFamilies(session.models), [session])
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
      {model.family.sentence && <Hint className="mt-1">{model.family.sentence}</Hint>}
    </div>
  )
}
