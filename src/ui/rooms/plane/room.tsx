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
import { startWorkers } from './start-workers'

export default function PlaneRoom({ notes, owns }: RoomProps) {
  const plane = useOwned(() =>
    createPlane({
      model: planeModel(networksFile, mixtureFile.classes),
      workers: startWorkers(),
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
