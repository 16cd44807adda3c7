/** The panels of the playground, each a part by its name and a region of its own: the page, an embed and *Present* lay out the same ones. */
import { useEffect } from 'react'
import { NoiseAxis } from '../axis/NoiseAxis'
import { Controls } from '../controls/Controls'
import { StepEquation } from '../equation/StepEquation'
import { JudgePanel as Judge } from '../judge/JudgePanel'
import { Notices } from '../notices/Notices'
import { Push } from '../stage/Push'
import { Stage } from '../stage/Stage'
import { Part, usePart } from '../view/Part'
import { Region } from './Region'
import { useSession } from './store'

export function ScalePanel() {
  return (
    <Part name="scale">
      <Region name="The scale">
        <Push />
      </Region>
    </Part>
  )
}

export function PicturesPanel() {
  const session = useSession()
  const seen = usePart('pictures') !== 'hidden'
  useEffect(() => {
    session.see(seen)
    return () => session.see(false)
  }, [session, seen])
  return (
    <Part name="pictures">
      <Region name="The pictures">
        <Stage />
      </Region>
    </Part>
  )
}

export function NoticesPanel() {
  return (
    <Part name="notices">
      <Region name="A notice">
        <Notices />
      </Region>
    </Part>
  )
}

export function EquationPanel() {
  return (
    <Part name="equation">
      <Region name="The equation">
        <StepEquation />
      </Region>
    </Part>
  )
}

export function JudgePanel() {
  return (
    <Part name="judge">
      <Region name="The judge">
        <Judge />
      </Region>
    </Part>
  )
}

export function AxisPanel() {
  return (
    <Part name="axis">
      <Region name="The noise axis">
        <NoiseAxis />
      </Region>
    </Part>
  )
}

interface ControlsPanelProps {
  readonly className: string
}

/** Whether it is seen decides the layout around it. */
export function ControlsPanel({ className }: ControlsPanelProps) {
  return (
    <aside aria-label="Settings" className={className}>
      <Region name="The controls">
        <Controls />
      </Region>
    </aside>
  )
}
