/** One term of the equation as a picture with its name, and the signs between terms. */
import { type ReactNode, useMemo } from 'react'
import { usePage, useSession } from '../app/store'
import { Tex } from '../kit/Tex'
import { Picture } from '../stage/Picture'
import { toPixels } from '../stage/pixels'

export type Pixels = Uint8ClampedArray<ArrayBuffer>

export function usePixels(image: Float32Array | null | undefined): Pixels | null {
  const size = usePage((state) => state.model.image)
  return useMemo(() => (image ? toPixels(image, size) : null), [image, size])
}

/** A picture of the equation, in which pixels can be pointed at. */
export function ProbedPicture({
  pixels,
  veil = null,
}: {
  readonly pixels: Pixels | null
  readonly veil?: Pixels | null
}) {
  const session = useSession()
  const size = usePage((state) => state.model.image)
  const pixel = usePage((state) => state.stage.pixel)
  return (
    <Picture
      pixels={pixels}
      overlay={veil}
      size={size}
      pixel={pixel}
      onPixel={(next) => session.set({ stage: { pixel: next } })}
      className="rounded-[2px]"
    />
  )
}

interface PictureTermProps {
  readonly name: string
  readonly note: ReactNode
  /** CSS background of a strip under the picture: its colour scale. */
  readonly scale?: string
  /** The panel beside is about this picture. */
  readonly meant?: boolean
  readonly children: ReactNode
}

export function PictureTerm({ name, note, scale, meant = false, children }: PictureTermProps) {
  return (
    <figure className="min-w-0">
      <div className={meant ? 'rounded-[2px] ring-2 ring-ink ring-offset-2 ring-offset-bg' : undefined}>{children}</div>
      <div className="mt-1 h-1 rounded-full" style={{ background: scale }} aria-hidden />
      <figcaption className="mt-0.5 text-label whitespace-nowrap">
        <Tex>{name}</Tex> <span className="num hidden text-hint text-muted lg:inline">{note}</span>
      </figcaption>
    </figure>
  )
}

export function Operator({ children }: { readonly children: ReactNode }) {
  return (
    <span className="num grid aspect-auto place-items-center self-stretch pb-6 text-base whitespace-nowrap sm:text-lg">
      {children}
    </span>
  )
}
