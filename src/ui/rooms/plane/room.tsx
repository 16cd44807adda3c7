/** The plane: points in two dimensions instead of pictures, where density and score are known and every method can be checked. */
import 'katex/dist/katex.min.css'
import { planeModel } from '../../../plane/model'
import mixtureFile from '../../../../models/plane/mixture.json'
import networksFile from '../../../../models/plane/networks.json'
import { SessionContext } from '../../app/store'
import { storedTheme } from '../../app/theme'
import { useOwned } from '../../kit/use-owned'
import type { RoomProps } from '../rooms'
import { createPlane } from './plane'
import { PlaneView } from './PlaneView'
import { createWorkers } from './workers'

/** One core is left to the page; more workers than a few gain little. */
const workerCount = () => Math.min(3, Math.max(1, navigator.hardwareConcurrency - 1))

const startWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'plane' })

export default function PlaneRoom({ notes, owns }: RoomProps) {
  const plane = useOwned(() =>
    createPlane({
      model: planeModel(networksFile, mixtureFile.classes),
      workers: createWorkers(workerCount(), startWorker),
      window,
      theme: storedTheme(),
      owns,
    }),
  )
  return (
    plane && (
      <SessionContext value={plane.session}>
        <PlaneView plane={plane} truth={mixtureFile.truth} notes={notes} />
      </SessionContext>
    )
  )
}
