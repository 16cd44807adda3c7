/** How far the controls are ahead of the pictures. Reads both: this is where what is wanted is held against what is shown. */
import { useMemo } from 'react'
import { sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import { usePage, useShown, useWanted } from '../app/store'
import { settingsRefusals } from '../method/methods'
import { isWhole, type Role, ROLES, type Run, sameRole, sourceOf } from './run'

/** What the pictures of the wanted settings wait for. */
export type Wait = 'drawing' | 'fetching' | 'loading' | 'refused' | 'failed' | 'stopped'

export interface Ahead {
  /** The pictures that are not those of the wanted settings, each with the run that it is of. */
  readonly behind: ReadonlyMap<Role, Run>
  /** Null where the pictures on the stage are all that was asked for, whole. */
  readonly wait: Wait | null
}

/** The pictures on the stage that other settings made than the wanted ones, or a preview. */
export function behindOf(shown: Run | null, settled: Run | null, wanted: Settings): ReadonlyMap<Role, Run> {
  const sources = ROLES.map((role) => [role, sourceOf(role, shown, settled)] as const)
  return new Map(
    sources.flatMap(([role, run]) =>
      run && (run.pass === 'preview' || !sameRole(role, run.settings, wanted)) ? [[role, run] as const] : [],
    ),
  )
}

/** What has to happen first. */
function useWait(): Wait {
  const model = usePage((state) => state.model)
  const wanted = useWanted((settings) => settings)
  const status = usePage((state) => state.engine.status.kind)
  const failed = usePage((state) => state.run.failure !== null)
  const fetching = usePage((state) => state.engine.fetching !== null)
  const refused = useMemo(() => settingsRefusals(wanted, model).length > 0, [wanted, model])
  if (refused) return 'refused'
  if (status === 'failed') return 'stopped'
  if (failed) return 'failed'
  if (status !== 'ready') return 'loading'
  return fetching ? 'fetching' : 'drawing'
}

export function useAhead(): Ahead {
  const wanted = useWanted((settings) => settings)
  const shown = useShown((run) => run)
  const settled = useShown((_, { run }) => run.settled)
  const wait = useWait()
  return useMemo(() => {
    const current = shown !== null && isWhole(shown) && sameSettings(shown.settings, wanted)
    return { behind: behindOf(shown, settled, wanted), wait: current ? null : wait }
  }, [shown, settled, wanted, wait])
}

/** Whether something made with such settings stands beside controls that have left them; null where there is nothing. */
export function useLeft(settings: Settings | null): boolean {
  const wanted = useWanted((now) => now)
  return useMemo(() => settings !== null && !sameSettings(settings, wanted), [settings, wanted])
}
