/** What the other graphs of a folder are for, to be changed. */
import { isGraph } from '../../../worker/opener/files'
import { Choice } from '../../kit/Choice'
import type { Opening } from './contract'
import { type Role, roleIn, ROLES } from './roles'
import { type OpenState, valueOf } from './state'
import { sizeText } from './words'

const WORDS: Readonly<Record<Role, string>> = {
  decoder: 'decoder of its latents',
  encoder: 'text encoder',
  worse: 'worse network, to guide by',
  unused: 'not used',
}

export function Roles({ opening, state }: { readonly opening: Opening; readonly state: OpenState }) {
  const { files, graph, looking } = state
  const looked = valueOf(looking)
  const others = files.filter((file) => isGraph(file) && file.path !== graph)
  if (!looked || others.length === 0) return null
  return (
    <fieldset data-part="roles" className="mt-2 max-w-[46rem]">
      <legend className="text-label text-muted">Beside it, by what they take and give:</legend>
      {others.map(({ path, file }) => (
        <div key={path} className="border-t border-line py-1 first-of-type:border-t-0">
          <Choice
            part="role"
            label={`${path} (${sizeText(file.size)})`}
            value={roleIn(looked, path)}
            options={ROLES.map((role) => ({ value: role, label: WORDS[role] }))}
            onChange={(value) => opening.assign(path, ROLES.find((role) => role === value) ?? 'unused')}
          />
        </div>
      ))}
    </fieldset>
  )
}
