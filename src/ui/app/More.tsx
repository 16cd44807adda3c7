/** On small screens what goes deeper waits behind a button; on wide ones it is there. */
import type { ReactNode } from 'react'
import { Chevron } from '../kit/Chevron'
import { usePage, useSession } from './store'

export function More({ children }: { readonly children: ReactNode }) {
  const session = useSession()
  const more = usePage((state) => state.shell.more)
  return (
    <>
      <button
        type="button"
        data-part="more"
        className="button my-1 w-full justify-between whitespace-normal lg:hidden print:hidden"
        aria-expanded={more}
        onClick={() => session.set({ shell: { more: !more } })}
      >
        More: equation, numbers, judge
        <Chevron className={more ? 'rotate-180' : ''} />
      </button>
      <div className={more ? 'max-lg:pt-3' : 'max-lg:not-print:hidden'}>{children}</div>
    </>
  )
}
