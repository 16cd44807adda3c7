/** A component that is fetched when it is first shown. One that could not be fetched is asked for again when it is shown again. */
import { type ComponentType, createElement, lazy, type ReactNode, Suspense, useState } from 'react'

interface LaterProps<Props> {
  readonly load: () => Promise<{ readonly default: ComponentType<Props> }>
  readonly props: Props
  /** What stands in its place meanwhile. */
  readonly fallback?: ReactNode
}

/** Marks a page on which something is still to come. */
const Coming = ({ children }: { readonly children: ReactNode }) => (
  <>
    <span hidden data-coming />
    {children}
  </>
)

export function Later<Props extends object>({ load, props, fallback = null }: LaterProps<Props>) {
  // React remembers a failure for good, so each showing has a loader of its own.
  const [view] = useState(() => lazy(load))
  return <Suspense fallback={<Coming>{fallback}</Coming>}>{createElement(view, props)}</Suspense>
}
