/** Something to find: what to do, and conditions that the page checks by itself. */
import { conditionFault, facts, type Goal } from '../../../../lesson'
import { TextField } from '../fields'
import type { TaskFormProps } from './props'

/** What most tasks ask for. */
const READY: readonly Goal[] = [
  { say: 'nearer to real drawings than without guidance', when: 'distance.guided < distance.positive and scale > 0' },
  {
    say: 'farther from real drawings than without guidance',
    when: 'distance.guided > distance.positive and scale > 0',
  },
  { say: 'the judge sees what was asked for', when: 'agrees.guided = 1' },
  {
    say: 'guidance turns a picture that the judge does not know into one that it does',
    when: 'agrees.guided > agrees.positive',
  },
  { say: 'the picture has hardly changed', when: 'change < 0.05 and scale > 0' },
]

const MOST = 6

interface GoalFormProps {
  readonly goal: Goal
  readonly at: number
  readonly onChange: (goal: Goal) => void
  readonly onRemove: (() => void) | null
}

function GoalForm({ goal, at, onChange, onRemove }: GoalFormProps) {
  const fault = goal.when.trim() === '' ? null : conditionFault(goal.when)
  return (
    <li className="flex flex-col gap-2 border-l-2 border-line pl-3">
      <TextField
        part="goal-say"
        label={`Goal ${at + 1}, as students read it`}
        value={goal.say}
        onChange={(say) => onChange({ ...goal, say })}
      />
      <TextField
        part="goal-when"
        label="It is met when"
        placeholder="distance.guided < distance.positive and scale > 0"
        value={goal.when}
        onChange={(when) => onChange({ ...goal, when })}
      />
      {fault !== null && <p className="text-label text-alert">{fault}</p>}
      <div className="flex flex-wrap gap-2">
        <select
          data-part="goal-fact"
          aria-label="Put in a measured value"
          className="button max-w-56 min-w-0"
          value=""
          onChange={(event) => onChange({ ...goal, when: `${goal.when} ${event.target.value}`.trim() })}
        >
          <option value="">Put in a value…</option>
          {facts.map(({ name, words }) => (
            <option key={name} value={name}>
              {words === name ? name : `${name}: ${words}`}
            </option>
          ))}
        </select>
        {onRemove && (
          <button type="button" className="button quiet" onClick={onRemove}>
            Remove the goal
          </button>
        )}
      </div>
    </li>
  )
}

export function FindForm({ task, onChange }: TaskFormProps<'find'>) {
  const { goals } = task
  // Known solutions are of the goals as they were.
  const setGoals = (next: readonly Goal[]) => onChange({ ...task, goals: next, solution: [] })
  return (
    <>
      <TextField
        part="find-task"
        label="What is to be found"
        value={task.task}
        onChange={(next) => onChange({ ...task, task: next })}
      />
      <ol className="flex flex-col gap-3">
        {goals.map((goal, i) => (
          <GoalForm
            key={i}
            {...{ goal }}
            at={i}
            onChange={(next) => setGoals(goals.map((each, at) => (at === i ? next : each)))}
            onRemove={goals.length > 1 ? () => setGoals(goals.filter((_, at) => at !== i)) : null}
          />
        ))}
      </ol>
      {goals.length < MOST && (
        <select
          data-part="goal-add"
          aria-label="Add a goal"
          className="button max-w-full self-start"
          value=""
          onChange={({ target }) => {
            const goal = READY[Number(target.value)] ?? { say: '', when: '' }
            const kept = goals.filter(({ say, when }) => say !== '' || when !== '')
            setGoals([...kept, goal])
          }}
        >
          <option value="" disabled>
            Add a goal…
          </option>
          {READY.map(({ say }, i) => (
            <option key={say} value={i}>
              {say}
            </option>
          ))}
          <option value="own">a goal of my own</option>
        </select>
      )}
      <TextField
        part="hint"
        label="Hint, shown to those who ask for it"
        value={task.hint ?? ''}
        onChange={(next) => onChange({ ...task, hint: next === '' ? null : next })}
      />
    </>
  )
}
