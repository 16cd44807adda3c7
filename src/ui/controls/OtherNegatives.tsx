/** More negatives, each with its own scale; a section of its own, since the first has long controls. */
import { isGuided } from '../../guidance/index'
import { STACK } from '../../settings'
import { usePage, useSession, useWanted } from '../app/store'
import { addTerm } from '../equation/terms'
import { Hint } from '../kit/Hint'
import { Later } from '../kit/Later'
import { Section } from '../kit/Section'
import { MethodSelect } from '../method/MethodSelect'

const loadTerm = () => import('./StackedTerm')

export function OtherNegatives() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const settings = useWanted((settings) => settings)
  if (!isGuided(settings)) return null
  return (
    <Section title="Other negatives">
      {settings.stack.length > 0 && (
        <ul className="flex flex-col gap-2" aria-label="Further negatives">
          {settings.stack.map((term, index) => (
            // Terms have no identity but their place; one that moves up takes the place's folding.
            <Later key={index} load={loadTerm} props={{ at: index + 1, term }} />
          ))}
        </ul>
      )}
      <div>
        <Hint className="mb-1.5">Differences of several negatives add up.</Hint>
        {settings.stack.length < STACK.max && (
          <MethodSelect
            part="add-term"
            label="Add another negative"
            placeholder="Add another negative"
            at={settings.stack.length + 1}
            value={null}
            onChange={(id) => session.change(addTerm(settings, id, model))}
          />
        )}
      </div>
    </Section>
  )
}
