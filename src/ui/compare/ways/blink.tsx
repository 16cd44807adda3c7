/** The two pictures by turns, by themselves, until they are stopped; where motion is not wanted, only once asked for. */
import { useEffect, useState } from 'react'
import { useSession } from '../../app/store'
import { useMedia } from '../../app/theme'
import { Hint } from '../../kit/Hint'
import { useRoomSeen } from '../../rooms/shown'
import { Name } from '../parts'
import type { Way, WayProps } from '../way'

/** How long each picture stays: a change of brightness every 0.9 s, of which WCAG 2.3.1 allows six in a second. */
export const TURN_MILLISECONDS = 900

/** Shows the one and the other by turns. */
function useTurns(running: boolean) {
  const session = useSession()
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => {
      const { cut } = session.store.getState().compare
      session.set({ compare: { cut: cut === 0 ? 1 : 0 } })
    }, TURN_MILLISECONDS)
    return () => clearInterval(timer)
  }, [running, session])
}

function Help({ pair }: WayProps) {
  const still = useMedia('(prefers-reduced-motion: reduce)')
  const [asked, setAsked] = useState<boolean | null>(null)
  const running = asked ?? !still
  const shown = useRoomSeen()
  useTurns(running && shown)
  return (
    <div className="flex items-center justify-between gap-3 sm:flex-col sm:items-start">
      <Hint>
        <Name role={pair.first} /> and <Name role={pair.second} /> by turns: what moves is what differs.
      </Hint>
      <button
        type="button"
        data-part="compare-blink"
        className="button h-7 shrink-0"
        onClick={() => setAsked(!running)}
      >
        {running ? 'Stop blinking' : 'Start blinking'}
      </button>
    </div>
  )
}

export const blink: Way = { id: 'blink', label: 'Blink', place: 3, rest: 0, Surface: null, Help }
