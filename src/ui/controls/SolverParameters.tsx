/** A solver's own parameters: those that mean something beside the others. */
import { solverById } from '../../sampling/solver-registry'
import { useSession, useWanted } from '../app/store'
import { ParameterControl } from './fields'

export default function SolverParameters() {
  const session = useSession()
  const solver = useWanted((settings) => settings.solver)
  const given = useWanted((settings) => settings.solverParameters)
  return solverById(solver)
    .parameters.filter((parameter) => parameter.with === undefined || (given[parameter.with] ?? 0) > 0)
    .map((parameter) => (
      <ParameterControl
        key={parameter.key}
        term={0}
        parameter={parameter}
        values={given}
        prefix=""
        set={(next, gesture) =>
          session.change({ solverParameters: { ...given, [parameter.key]: Number(next) } }, gesture)
        }
      />
    ))
}
