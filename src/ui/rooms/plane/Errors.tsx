/** How far each network is from the exact answer at a noise level, as a map and in two numbers. */
import { useEffect, useRef, useState } from 'react'
import type { ErrorMap, ErrorMaps } from '../../../plane/errors'
import type { ModelInfo } from '../../../model/types'
import { useTheme } from '../../app/theme'
import { usePage } from '../../app/store'
import { fixed, formatSigma } from '../../../core/format'
import { Hint } from '../../kit/Hint'
import { momentAt } from './geometry'
import type { Plane } from './plane'
import { usePlane } from './use-plane'

const SIDE = 64
const TELLING = 0.03
/** An error of this many times σ is drawn at its strongest. */
const STRONGEST = 0.6

/** The maps of the noise level at the playhead, after it rested; those before stay until then. */
function useErrors(plane: Plane): ErrorMaps | null {
  const sigma = usePlane(plane, ({ shown, position, playing }) => {
    if (!shown || playing) return null
    const { nearest } = momentAt(position, shown.sigmas)
    const levels = shown.sigmas.slice(0, -1)
    // Without noise nothing is asked: a low level stands for it, at which branches are told apart.
    return levels[nearest] ?? levels.find((level) => level <= TELLING) ?? levels.at(-1) ?? null
  })
  const label = usePlane(plane, ({ shown }) => shown?.settings.class ?? null)
  const [errors, setErrors] = useState<ErrorMaps | null>(null)
  useEffect(() => {
    if (sigma === null) return undefined
    let wanted = true
    const timer = window.setTimeout(() => {
      plane.errorsAt(sigma, label, SIDE).then(
        (maps) => wanted && setErrors(maps),
        () => undefined,
      )
    }, 200)
    return () => {
      wanted = false
      window.clearTimeout(timer)
    }
  }, [plane, sigma, label])
  return errors
}

/** The ink of the theme, as red, green and blue. */
function inkOf(element: HTMLElement): readonly [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number)
  return [red, green, blue]
}

function Heat({ map, errors }: { readonly map: ErrorMap; readonly errors: ErrorMaps }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme()
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    const { side, ground } = errors
    const [red, green, blue] = inkOf(element)
    const image = context.createImageData(side, side)
    for (let i = 0; i < side * side; i++) {
      const row = side - 1 - Math.floor(i / side)
      const at = 4 * (row * side + (i % side))
      image.data.set([red, green, blue, 255 * Math.min(1, map.values[i]! / STRONGEST) * ground[i]!], at)
    }
    context.putImageData(image, 0, 0)
  }, [map, errors, theme])
  return (
    <canvas
      ref={canvas}
      width={errors.side}
      height={errors.side}
      aria-hidden
      className="aspect-square w-full border border-line bg-surface text-ink [image-rendering:auto]"
    />
  )
}

function One({
  map,
  errors,
  model,
}: {
  readonly map: ErrorMap
  readonly errors: ErrorMaps
  readonly model: ModelInfo
}) {
  const [main] = errors.maps
  const name = model.networks.find(({ id }) => id === map.network)?.name ?? map.network
  return (
    <li data-part={`error-${map.network}`} className="min-w-0">
      <Heat map={map} errors={errors} />
      <p className="mt-1 text-hint font-medium">{name}</p>
      <p className="num text-hint text-muted">
        {map === main
          ? `errs by ${fixed(map.size)} σ`
          : `${fixed(map.size / (main?.size ?? 1), 1)} times as far, ${fixed(map.along)} in its direction`}
      </p>
    </li>
  )
}

export function Errors({ plane }: { readonly plane: Plane }) {
  const errors = useErrors(plane)
  const model = usePage((state) => state.model)
  return (
    <section aria-labelledby="plane-errors" data-part="errors" className="mt-6 border-t border-line pt-4">
      <h2 id="plane-errors" className="font-medium">
        Where each network errs{errors && ` at σ ${formatSigma(errors.sigma)}`}
      </h2>
      <Hint className="mt-0.5 max-w-[46rem]">
        The stronger a place is drawn, the farther the network’s answer lies from the exact one there; nothing is drawn
        where no true points are at this noise level. Each is compared with the first: a worse version that errs farther
        in the same direction (1.00 is the same everywhere) can guide, since going from it to the better one leads on
        towards the truth. The playhead chooses the noise level.
      </Hint>
      <ul className="mt-3 grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4 xl:grid-cols-7">
        {errors?.maps.map((map) => (
          <One key={map.network} map={map} errors={errors} model={model} />
        ))}
      </ul>
    </section>
  )
}
