/** What rooms that show measurements have around them: the bar, a heading, and what is said while numbers come or where they can't. */
import type { ReactNode } from 'react'
import { useRoomDocument } from '../document'
import { RoomBar } from '../RoomBar'
import { Failed, type useEvaluations } from './evaluations'

interface PageProps extends ReturnType<typeof useEvaluations> {
  readonly title: string
  /** Where the way back leads. */
  readonly back: string
  readonly children: ReactNode
}

export function Page({ title, back, loaded, again, children }: PageProps) {
  const heading = useRoomDocument(title)
  return (
    <>
      <RoomBar back={back} />
      <main className="mx-auto max-w-[82rem] px-3 pt-5 pb-12 sm:px-6">
        <h1 ref={heading} tabIndex={-1} className="text-lead font-semibold outline-none">
          {title}
        </h1>
        {loaded.kind === 'loading' && <p className="mt-2 text-label text-muted">Fetching what was measured…</p>}
        {loaded.kind === 'loaded' && loaded.failures.length > 0 && (
          <Failed
            failures={loaded.failures}
            again={() => {
              heading.current?.focus({ preventScroll: true })
              again()
            }}
          />
        )}
        {children}
      </main>
    </>
  )
}
