/** The dialog *Share* of any room: ways to hand on what is set there, each with what comes of it. */
import { type PointerEvent, useEffect, useId, useState } from 'react'
import { Close } from '../kit/Close'
import { Flag } from '../kit/Flag'
import { Hint } from '../kit/Hint'
import { Segments } from '../kit/Segments'
import { useModal } from '../kit/use-modal'
import type { Sharing, ShareWay } from './way'

interface WithViewProps {
  readonly plain: string
  readonly offers: readonly string[]
  readonly value: boolean
  readonly onChange: (value: boolean) => void
}

function WithView({ plain, offers, value, onChange }: WithViewProps) {
  if (offers.length === 0) return <Hint className="mt-3">{plain}</Hint>
  const help = `With ${offers.join(', ')}.`
  return (
    <div className="mt-3 max-w-md">
      <Flag part="with-view" label="It opens as it is seen now" help={help} value={value} onChange={onChange} />
    </div>
  )
}

/** A press beside it is one on what lies behind. Its scrollbar and that are both the dialog itself. */
function isBeside({ target, currentTarget, clientX: x, clientY: y }: PointerEvent<HTMLDialogElement>): boolean {
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect()
  return target === currentTarget && (x < left || x > right || y < top || y > bottom)
}

export interface DialogProps {
  readonly ways: readonly ShareWay[]
  readonly shared: Sharing
  /** What the view would add, in words. */
  readonly offers: readonly string[]
  /** What is said where it would add nothing. */
  readonly plain: string
  readonly withView: boolean
  readonly onWithView: (withView: boolean) => void
  readonly onClose: () => void
}

export function Dialog({ ways, shared, offers, plain, withView, onWithView, onClose }: DialogProps) {
  const dialog = useModal()
  const title = useId()
  const [id, setId] = useState('link')
  const way = ways.find((one) => one.id === id) ?? ways[0]!
  useEffect(() => dialog.current?.querySelector<HTMLElement>('[data-part="copy-link"]')?.focus(), [dialog])
  return (
    <dialog
      ref={dialog}
      data-part="share-dialog"
      aria-labelledby={title}
      className="popup mx-auto mt-3 w-[min(56rem,100vw-1.5rem)] max-w-none overflow-y-auto overscroll-contain p-0 backdrop:bg-black/30 max-sm:max-h-[calc(100dvh-1.5rem)] sm:mt-14 sm:max-h-[calc(100dvh-7rem)]"
      onClose={onClose}
      onPointerDown={(event) => isBeside(event) && event.currentTarget.close()}
    >
      <div className="p-4 sm:p-5">
        <div className="mb-3 flex items-baseline justify-between gap-3">
          <h2 id={title} className="text-lead font-medium">
            Share
          </h2>
          <Close part="close-share" what="the dialog" onClick={() => dialog.current?.close()} />
        </div>
        <Segments
          part="share-ways"
          label="As"
          value={way.id}
          options={ways.map(({ id: value, label }) => ({ value, label }))}
          onChange={setId}
        />
        {way.takesView && <WithView {...{ plain, offers, value: withView, onChange: onWithView }} />}
        <div className="mt-4" key={way.id}>
          <way.Page shared={shared} />
        </div>
      </div>
    </dialog>
  )
}
