/** What the rooms for teachers have around them: name, the way back, a heading. */
import type { ReactNode, RefObject } from 'react'

interface PageProps {
  readonly title: string
  readonly heading: RefObject<HTMLHeadingElement | null>
  /** Where “Back” leads. */
  readonly back: { readonly href: string; readonly label: string }
  readonly lead: ReactNode
  readonly children: ReactNode
}

export function Page({ title, heading, back, lead, children }: PageProps) {
  return (
    <>
      <header className="flex h-12 items-center gap-4 border-b border-line px-3 sm:px-6 print:hidden">
        <p className="shrink-0 font-semibold tracking-[-0.01em]">
          Guidance<span className="max-sm:hidden"> Playground</span>
        </p>
        <a data-part="teaching-back" className="button ml-auto" href={back.href}>
          {back.label}
        </a>
      </header>
      <main className="mx-auto max-w-[72rem] px-3 pt-5 pb-12 sm:px-6 print:p-0">
        <div className="print:hidden">
          <h1 ref={heading} tabIndex={-1} className="text-lead font-semibold outline-none">
            {title}
          </h1>
          <div className="mt-1 max-w-[46rem] text-label text-muted">{lead}</div>
        </div>
        {children}
      </main>
    </>
  )
}
