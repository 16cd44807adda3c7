/** What each of several graphs is for: guessed by what they take and give, and changed by the person. Pure. */
import type { Looked } from '../../../worker/opener/messages'

/** Of a graph beside the network itself. */
export const ROLES = ['decoder', 'encoder', 'worse', 'unused'] as const
export type Role = (typeof ROLES)[number]

type Beside = Pick<Looked, 'beside' | 'worse'>

export function roleIn({ beside, worse }: Beside, path: string): Role {
  if (beside.decoder === path) return 'decoder'
  if (beside.encoders.includes(path)) return 'encoder'
  return worse.includes(path) ? 'worse' : 'unused'
}

/** With a graph in another role. There is one decoder. */
export function withRole<L extends Beside>(looked: L, path: string, role: Role): L {
  const { beside, worse } = looked
  const others = (paths: readonly string[]) => paths.filter((one) => one !== path)
  const kept = beside.decoder === path ? null : beside.decoder
  return {
    ...looked,
    beside: {
      decoder: role === 'decoder' ? path : kept,
      encoders: [...others(beside.encoders), ...(role === 'encoder' ? [path] : [])].sort(),
    },
    worse: [...others(worse), ...(role === 'worse' ? [path] : [])],
  }
}

/** With all that was changed by hand. */
export const withRoles = <L extends Beside>(looked: L, roles: Readonly<Record<string, Role>>): L =>
  Object.entries(roles).reduce((all, [path, role]) => withRole(all, path, role), looked)

/** The graph that looks like the network, where the one that was looked at does not; null where that is as good. */
export function likelier({ kinds }: Pick<Looked, 'kinds'>, graph: string): string | null {
  if (kinds[graph] === 'network') return null
  return Object.keys(kinds).find((path) => kinds[path] === 'network') ?? null
}
