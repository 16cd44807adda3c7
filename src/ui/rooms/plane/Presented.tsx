/** The plane before an audience: points as large as the screen allows, the sentence over them, the way under them. */
import { type ReactNode, useMemo, useState } from 'react'
import type { Truth } from '../../../plane/measures'
import { Region } from '../../app/Region'
import { Part, usePart } from '../../view/Part'
import { leave, StageCorner, StageHelp, useStageKeys } from '../../view/stage'
import { Errors } from './Errors'
import { GuidanceWindow } from './GuidanceWindow'
import { Numbers, Verdict } from './Numbers'
import { Picture } from './Picture'
import type { Plane } from './plane'
import { PLANE_KEYS, type PlaneHand } from './present-keys'
import { Scale } from './Scale'
import { Side } from './Side'
import { Layers, Way } from './Way'

interface Points {
  readonly plane: Plane
  readonly truth: Truth
}

interface PresentedProps extends Points {
  /** Its heading, and what else is to be told. */
  readonly children: ReactNode
}

function usePlaneHand(plane: Plane) {
  const [controls, setControls] = useState(false)
  const [help, setHelp] = useState(false)
  const hand = useMemo(
    (): PlaneHand => ({
      plane,
      leave,
      stepBy: plane.stepBy,
      help: () => setHelp((open) => !open),
      toggleControls: () => setControls((open) => !open),
    }),
    [plane],
  )
  useStageKeys(PLANE_KEYS, hand)
  return { controls, help, hand }
}

function Head({ plane, onHelp }: { readonly plane: Plane; readonly onHelp: () => void }) {
  return (
    <header className="flex flex-wrap items-start gap-x-6 gap-y-1 px-3 pt-3 pb-2 sm:px-6">
      <div className="sm:flex-[3_1_18rem]">
        <Part name="sentence">
          <Verdict plane={plane} />
        </Part>
      </div>
      <div className="max-sm:order-last max-sm:w-full sm:max-w-88 sm:flex-[2_1_14rem]">
        <Part name="scale">
          <Scale />
        </Part>
        <Part name="axis">
          <div className="flex">
            <GuidanceWindow />
          </div>
        </Part>
      </div>
      <StageCorner onHelp={onHelp} />
    </header>
  )
}

function Beside({ plane, truth, controls }: Points & { readonly controls: boolean }) {
  return (
    <aside aria-label="Numbers and settings" className="-mx-1 min-h-0 px-1 lg:overflow-y-auto">
      <Part name="numbers">
        <Region name="The numbers">
          <Numbers plane={plane} truth={truth} />
        </Region>
      </Part>
      {controls && (
        <Part name="controls">
          <div className="mt-4 border-t border-line pt-4">
            <Region name="The controls">
              <Side />
            </Region>
          </div>
        </Part>
      )}
    </aside>
  )
}

export function Presented({ plane, truth, children }: PresentedProps) {
  const { controls, help, hand } = usePlaneHand(plane)
  const numbers = usePart('numbers') !== 'hidden'
  const columns = 'lg:grid-cols-[minmax(0,1fr)_21.5rem] lg:in-data-lesson:grid-cols-[minmax(0,1fr)_17.5rem]'
  return (
    <>
      <Head plane={plane} onHelp={hand.help} />
      <main className="min-h-0 flex-1 overflow-y-auto px-3 sm:px-6">
        {children}
        <div className={`grid gap-x-8 gap-y-4 lg:h-full lg:grid-rows-1 ${numbers || controls ? columns : ''}`}>
          <div className="grid min-h-0 place-items-center lg:[container-type:size]">
            <div className="w-full lg:w-[min(100cqw,100cqh)]">
              <Region name="The points">
                <Part name="pictures">
                  <Picture plane={plane} />
                </Part>
              </Region>
            </div>
          </div>
          {(numbers || controls) && <Beside {...{ plane, truth, controls }} />}
        </div>
        <Part name="errors">
          <Region name="The errors">
            <Errors plane={plane} />
          </Region>
        </Part>
      </main>
      <Part name="axis">
        <footer className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t border-line px-3 py-2 sm:px-6">
          <div className="min-w-0 flex-[1_1_20rem]">
            <Way plane={plane} />
          </div>
          <Layers plane={plane} />
        </footer>
      </Part>
      {help && <StageHelp keys={PLANE_KEYS} onClose={hand.help} />}
    </>
  )
}
