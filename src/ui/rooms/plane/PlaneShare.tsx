/** The dialog *Share* of the plane: a link, a frame for another page, a picture of the points, a code. */
import { useEffect, useRef, useState } from 'react'
import { encodeLink } from '../../../settings'
import { readView } from '../../../settings/view'
import { caption } from '../../../settings/words'
import { useTheme } from '../../app/theme'
import { usePage, useSession, useWanted } from '../../app/store'
import { Dialog } from '../../share/Dialog'
import { download } from '../../share/share'
import { viewNow, viewWords } from '../../share/view-now'
import type { CardProps, SharedPicture, Sharing } from '../../share/way'
import { link } from '../../share/ways/link'
import { markdown } from '../../share/ways/markdown'
import { qr } from '../../share/ways/qr'
import { momentAt } from './geometry'
import { Painter } from './painter'
import { planeEmbed } from './PlaneEmbed'
import { type Plane, ROOM, START } from './plane'
import { pngOfPoints } from './png'
import { usePlane } from './use-plane'
import { pictureWords } from './words'

const ways = [link, planeEmbed, markdown, qr]

const PLAIN = 'It opens with the points at the end of their way. Move them back, and it can open there as well.'

interface PointsProps {
  readonly plane: Plane
  readonly side: number
  /** The share of the way at which a link opens them; null: all as it is seen. */
  readonly at: number | null
}

function Points({ plane, side, at }: PointsProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme()
  useEffect(() => {
    if (!canvas.current) return undefined
    const { shown: _, ...start } = START
    const painter = new Painter(canvas.current, plane, at === null ? {} : { ...start, position: at })
    return () => painter.dispose()
  }, [plane, at, theme])
  return (
    <canvas
      ref={canvas}
      data-part="shared-points"
      width={side}
      height={side}
      aria-hidden
      className="block aspect-square w-full bg-surface"
    />
  )
}

/** The card of this plane, as a component that is the same each time. */
const cardOf = (plane: Plane) =>
  function Card({ words, view, at }: CardProps) {
    return (
      <div data-part="share-card" className="max-w-sm overflow-hidden rounded-md border border-line bg-surface">
        <Points plane={plane} side={640} at={at} />
        <p className="border-t border-line px-3 pt-2 text-label font-medium">Guidance Playground</p>
        <p className="px-3 pb-2 text-hint text-muted">
          {words}
          {view.length > 0 && <span className="block">With {view.join(', ')}.</span>}
        </p>
      </div>
    )
  }

const inPlane = (words: string) => `The plane: ${words}`

/** Reads both: the picture is of the points that are shown, and is named and described as such. */
function usePicture(plane: Plane): SharedPicture | null {
  const state = usePlane(plane, (all) => all)
  const model = usePage((page) => page.model)
  const { shown, position } = state
  if (!shown) return null
  const { settings, sigmas } = shown
  const file = `plane-${settings.method}-s${settings.scale}-seed${settings.seed}.png`
  const save = async () => {
    const points = document.querySelector<HTMLCanvasElement>('canvas[data-part="shared-points"]')
    if (!points) return
    download(await pngOfPoints(points, inPlane(caption(settings, model))), file)
    plane.session.say('Picture saved.')
  }
  return {
    label: 'With a picture of the points as they are seen',
    file,
    alt: pictureWords(state, shown, momentAt(position, sigmas)),
    seen: (
      <div className="border border-line">
        <Points plane={plane} side={1024} at={null} />
      </div>
    ),
    save: () => void save(),
  }
}

function useSharing(plane: Plane, withView: boolean) {
  const settings = useWanted((own) => own)
  const model = usePage((state) => state.model)
  const position = usePlane(plane, (state) => state.position)
  const [address] = useState(() => readView(window.location.hash).view)
  const [Card] = useState(() => cardOf(plane))
  const now = viewNow(
    {
      playhead: { position, playing: false },
      equation: usePage((state) => state.equation),
      network: usePage((state) => state.network),
      shell: usePage((state) => state.shell),
    },
    settings.steps,
    address,
  )
  const [page = ''] = useSession().link().split('#')
  const shared: Sharing = {
    page,
    hash: `room=${ROOM}&${encodeLink(settings, model)}`,
    view: withView ? now : {},
    words: inPlane(caption(settings, model)),
    Card,
    picture: usePicture(plane),
  }
  return { shared, offers: viewWords(now, settings.steps, model) }
}

interface PlaneShareProps {
  readonly plane: Plane
  readonly onClose: () => void
}

export default function PlaneShare({ plane, onClose }: PlaneShareProps) {
  const [withView, setWithView] = useState(false)
  const sharing = useSharing(plane, withView)
  return <Dialog {...sharing} {...{ ways, plain: PLAIN, withView, onClose }} onWithView={setWithView} />
}
