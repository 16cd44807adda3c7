/** How the noise is taken away: in how many steps, and by which solver. */
import { solverById, solverParameters, solvers } from '../../sampling/solver-registry'
import { OWN } from '../../settings'
import { useSession, useWanted } from '../app/store'
import { Hint } from '../kit/Hint'
import { Later } from '../kit/Later'
import { OneOf } from '../kit/OneOf'
import { Section } from '../kit/Section'
import { Slide } from '../kit/Slide'
import { useOpened } from '../run/use-opened'
import { Part } from '../view/Part'

const loadParameters = () => import('./SolverParameters')

const OPTIONS = solvers.map(({ id, name }) => ({ value: id, label: name }))

export function Sampler() {
  const session = useSession()
  const steps = useWanted((settings) => settings.steps)
  const solver = useWanted((settings) => settings.solver)
  const given = useWanted((settings) => settings.solverParameters)
  const chosen = solverById(solver)
  const opened = useOpened()
  const choose = (next: string) =>
    session.change({ solver: next, solverParameters: solverParameters(solverById(next), given) })
  return (
    <Section title="Sampler">
      <Part name="steps">
        <Slide
          part="steps"
          label="Steps"
          value={steps}
          min={OWN.steps.min}
          max={OWN.steps.max}
          step={1}
          whole
          onChange={(next) => session.change({ steps: next }, 'drag')}
          onSettle={session.settle}
        />
      </Part>
      <Part name="solver">
        <OneOf part="solver" label="Solver" value={solver} options={OPTIONS} onChange={choose} />
        <Hint>{chosen.help}</Hint>
        {opened && chosen.parameters.length > 0 && <Later load={loadParameters} props={{}} />}
      </Part>
    </Section>
  )
}
