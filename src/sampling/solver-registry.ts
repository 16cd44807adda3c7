/** The registry of solvers: what the files of `solvers/` describe, and what others ask of them in the place of ids. */
import type { Solver } from './solver'
import { solvers as all } from './solvers/index.generated'

/** Every solver in the order of menus. */
export const solvers: readonly Solver[] = [...all].sort((a, b) => a.place - b.place)

export const DEFAULT_SOLVER: Solver = solvers[0]!

/** The solver of the given id. Throws RangeError for one that does not exist. */
export function solverById(id: string): Solver {
  const solver = solvers.find((one) => one.id === id)
  if (!solver) throw new RangeError(`there is no solver ${id}`)
  return solver
}

/** Whether the key is a parameter of some solver. */
export function isSolverParameter(key: string): boolean {
  return solvers.some(({ parameters }) => parameters.some((parameter) => parameter.key === key))
}

/** A solver's parameters, complete: what `given` says of them, else their defaults. */
export function solverParameters(
  { parameters }: Solver,
  given: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  return Object.fromEntries(parameters.map(({ key, default: standard }) => [key, given[key] ?? standard]))
}

/** The choice of a solver, as settings hold it. */
interface Chosen {
  readonly solver: string
  readonly solverParameters: Readonly<Record<string, number>>
}

/** The same under another solver; what both have a parameter for is kept. */
export function withSolver<T extends Chosen>(settings: T, id: string): T {
  return { ...settings, solver: id, solverParameters: solverParameters(solverById(id), settings.solverParameters) }
}

/** Whether both take the same steps, under the same numbers. */
export function sameSolver(a: Chosen, b: Chosen): boolean {
  return (
    a.solver === b.solver &&
    solverById(a.solver).parameters.every(({ key }) => a.solverParameters[key] === b.solverParameters[key])
  )
}

/** The solver that a coarse preview is drawn with: the chosen one where it costs one evaluation a step, else the default. */
export function previewSolver(id: string): string {
  return solverById(id).evaluations === 1 ? id : DEFAULT_SOLVER.id
}
