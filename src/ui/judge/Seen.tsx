/** What the judge sees in each picture, and whether it was asked for. */
import { usePage, useShown, useShownSettings } from '../app/store'
import { Hint } from '../kit/Hint'
import { className } from '../../settings/words'
import { type Role, ROLES } from '../run/run'
import type { Verdict } from './slice'

const TONE: Record<Role, string> = { positive: 'text-positive', negative: 'text-negative', guided: 'text-ink' }

export function Seen() {
  const model = usePage((state) => state.model)
  const settings = useShownSettings((own) => own)
  const verdicts = useShown((run, { judge: { verdicts: known } }) =>
    known && known.final === run?.final ? known : null,
  )
  if (!verdicts) return <Hint>Looks at the pictures as soon as they are done.</Hint>
  const words = (role: Role) => {
    const seen = verdicts.samples.flatMap((verdict: Verdict) => verdict[role] ?? [])
    const [first] = seen
    if (first === undefined) return 'not drawn'
    if (settings.class === null)
      return seen.length === 1 ? className(first, model) : `${new Set(seen).size} styles in ${seen.length} pictures`
    const right = seen.filter((label) => label === settings.class).length
    if (seen.length > 1) return `${right} of ${seen.length} as asked`
    return right === 1
      ? `${className(first, model)}, as asked`
      : `${className(first, model)}, not ${className(settings.class, model)}`
  }
  return (
    <table data-part="judge-seen" className="num text-label">
      <caption className="pb-1 text-left text-hint whitespace-nowrap text-muted">
        The style that it sees{settings.class === null ? '' : `; ${className(settings.class, model)} was asked for`}
      </caption>
      <tbody>
        {ROLES.map((role) => (
          <tr key={role}>
            <th scope="row" className={`pr-4 text-left font-normal ${TONE[role]}`}>
              {role}
            </th>
            <td>{words(role)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
