/** A part of the page by its name: nothing where the view hides it; where the view holds it, seen but not to be operated. */
import { type ReactNode, useSyncExternalStore } from 'react'
import type { PartName } from '../../settings/view'
import { type PageView, pageView, type PartState } from './state'

export function usePageView<T>(selector: (view: PageView) => T): T {
  const get = () => selector(pageView.getState())
  return useSyncExternalStore(pageView.subscribe, get, get)
}

/** Several names, parted by spaces, are of what stands around all of them: shown where any of them is to be seen. */
export function usePart(name: PartName): PartState {
  return usePageView(({ rules }) => {
    if (!rules) return 'shown'
    if (!name.includes(' ')) return rules.of(name)
    return name.split(' ').every((one) => rules.of(one) === 'hidden') ? 'hidden' : 'shown'
  })
}

interface PartProps {
  readonly name: PartName
  readonly children: ReactNode
}

export function Part({ name, children }: PartProps) {
  const state = usePart(name)
  const holder = usePageView(({ rules }) => rules?.holder)
  if (state === 'hidden') return null
  if (state === 'shown') return children
  return (
    <fieldset disabled className="held" data-held={name} aria-label={`Held by ${holder}`}>
      {children}
    </fieldset>
  )
}
