/** SEG's blur as it is: the weights of its kernel on the token grid of one layer. */
import { gaussianKernel } from '../../core/blur'
import { negativePrediction, negativesOf } from '../../guidance/pair'
import { plain } from '../../core/format'
import { usePage, useWanted } from '../app/store'

const HEIGHT = 34

/**
 * Draws the one-dimensional kernel, which the blur applies along both axes, of term `term` (0 is the first negative).
 * Draws nothing where no query is blurred.
 */
export function Kernel({ term }: { readonly term: number }) {
  const model = usePage((state) => state.model)
  const settings = useWanted((settings) => settings)
  const inspected = usePage((state) => state.network.inspected)
  const negative = negativesOf(settings)[term]
  const attention = negative && negativePrediction(negative, model)?.attention
  const blurred = model.layers.filter(({ index }) => attention?.[index]?.querySigma !== undefined)
  const layer = blurred.find(({ index }) => inspected?.term === term && index === inspected.layer) ?? blurred[0]
  const sigma = layer && attention?.[layer.index]?.querySigma
  if (!layer || sigma === undefined) return null
  const size = layer.width
  const weights = sigma === Infinity ? new Float64Array(size).fill(1 / size) : gaussianKernel(sigma, size)
  const top = Math.max(...weights)
  const wanted = sigma === Infinity ? null : Math.ceil(6 * sigma) + 1 - (Math.ceil(6 * sigma) % 2)
  return (
    <figure data-part="kernel">
      <div className="flex items-end gap-px border-b border-edge" style={{ height: HEIGHT }} aria-hidden>
        {[...weights].map((weight, tap) => (
          <span
            key={tap}
            className="min-w-px flex-1 bg-negative"
            style={{ height: Math.max(1, (HEIGHT - 2) * (weight / top)) }}
          />
        ))}
      </div>
      <figcaption className="num mt-1 text-hint text-muted">
        {sigma === Infinity
          ? `On ${layer.height}×${layer.width} tokens every query becomes the mean of all: 1/${size} along each axis.`
          : `Kernel on ${layer.height}×${layer.width} tokens: ${weights.length} ${weights.length === 1 ? 'tap' : 'taps'} along each axis, the middle one ${plain(Number(top.toPrecision(2)))}${
              wanted !== null && wanted > weights.length
                ? `; σ ${plain(sigma)} asks for ${wanted}, but the grid allows no more`
                : ''
            }.`}
      </figcaption>
    </figure>
  )
}
