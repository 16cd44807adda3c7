/** Things with an end of their own, such as an engine and its worker, that live as long as a component. */
import { useLayoutEffect, useState } from 'react'

/**
 * Null at first: it is made once the component is on the page, since a render may be thrown away and begun anew, and what that
 * render had made would never end.
 */
export function useOwned<Owned extends { dispose(): void }>(make: () => Owned): Owned | null {
  const [first] = useState(() => make)
  const [owned, setOwned] = useState<Owned | null>(null)
  useLayoutEffect(() => {
    const made = first()
    // oxlint-disable-next-line react/set-state-in-effect -- It is what the effect is for.
    setOwned(made)
    return () => made.dispose()
  }, [first])
  return owned
}
