/** What is said on the page and stops nothing: a box with words and ways on, and what every room may have to say. */
import type { ReactNode } from 'react'

export interface NoticeProps {
  readonly tone: 'alert' | 'plain'
  readonly children: ReactNode
  readonly actions?: ReactNode
}

export function Notice({ tone, children, actions }: NoticeProps) {
  return (
    <div
      data-part="notice"
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border px-3 py-2 text-label ${tone === 'alert' ? 'border-alert' : 'border-line'} bg-surface`}
    >
      <div className="min-w-0 flex-[1_1_18rem]">{children}</div>
      {actions && <div className="flex gap-1.5">{actions}</div>}
    </div>
  )
}

interface ToldProps {
  readonly onDismiss: () => void
  readonly children: ReactNode
}

/** Something to know, which goes once it is known. */
export function Told({ onDismiss, children }: ToldProps) {
  return (
    <Notice
      tone="plain"
      actions={
        <button type="button" data-part="dismiss" className="button" onClick={onDismiss}>
          Dismiss
        </button>
      }
    >
      {children}
    </Notice>
  )
}

export function Refusal({ why, onDismiss }: { readonly why: string; readonly onDismiss: () => void }) {
  return (
    <Told onDismiss={onDismiss}>
      <p className="font-medium">This file was not opened; nothing has changed.</p>
      <p className="text-muted">{why}</p>
    </Told>
  )
}

/** This page goes on as it is until the person wants the other. */
export function NewVersion() {
  return (
    <Notice
      tone="plain"
      actions={
        <button type="button" data-part="load-version" className="button" onClick={() => window.location.reload()}>
          Load it
        </button>
      }
    >
      A new version of this page is there. <span className="text-muted">Loading it keeps the settings.</span>
    </Notice>
  )
}
