/** The rows that are kept, read whenever the tab is seen, since other tabs and other windows add some. */
import { useCallback, useEffect, useState } from 'react'
import type { Lab } from '../../lab'
import { useTabSeen } from '../../use-lab'
import { rowsOf, type Row } from './rows'

/** Null until they are read. */
export function useRows({ storage, port }: Lab): readonly [readonly Row[] | null, () => Promise<void>] {
  const [rows, setRows] = useState<readonly Row[] | null>(null)
  const seen = useTabSeen()
  const read = useCallback(
    () => storage.all('results').then((kept) => setRows(rowsOf(kept, port.models))),
    [storage, port],
  )
  useEffect(() => {
    if (!seen) return
    void read()
    // What a curve measures meanwhile.
    const timer = setInterval(() => void read(), 5000)
    return () => clearInterval(timer)
  }, [read, seen])
  return [rows, read]
}
