/** The article's shapes, checked: the curves that were drawn, each with what the article says and what was measured. */
import { asMeasured } from '../../../evaluation/as-measured'
import type { Curve } from '../../../evaluation/curves'
import type { ModelInfo } from '../../../model/types'
import { encodeLink } from '../../../settings'
import type { Settings } from '../../../settings/types'
import { Plot } from './Plot'
import { FINDINGS, pointsOf, type Shape } from './shape'
import { shapes } from './shapes/index.generated'

interface Drawn {
  readonly model: ModelInfo
  readonly curve: Curve
  /** Whose class, seed and number of images a click keeps. */
  readonly now: Settings
}

const isAbout = ({ of }: Shape, { key, points }: Curve) =>
  of.some((one) => one.key === key && one.method === points[0]?.settings.method)

/** Whether any point that guides was compared with no guidance: without one there is nothing to judge. */
const isCompared = ({ points }: Curve) =>
  points.some(({ settings, against }) => settings.scale !== 0 && against !== null)

/** The curves that the article says something of, in the order of shapes. Pure. */
export function checked(drawn: readonly Drawn[]): readonly (Drawn & { readonly shape: Shape })[] {
  return [...shapes]
    .sort((a, b) => a.order - b.order)
    .flatMap((shape) =>
      drawn.filter(({ curve }) => isAbout(shape, curve) && isCompared(curve)).map((one) => ({ ...one, shape })),
    )
}

/** A curve's title with the names of networks in the place of their ids. */
const titleOf = ({ title }: Curve, { networks }: ModelInfo) =>
  networks
    .slice(1)
    .sort((a, b) => b.id.length - a.id.length)
    .reduce((text, { id, name }) => text.replace(id, name.charAt(0).toLowerCase() + name.slice(1)), title)

function Card({ shape, curve, model, now, several }: Drawn & { readonly shape: Shape; readonly several: boolean }) {
  const points = pointsOf(curve, shape, model)
  const { finding, sentence } = shape.verdict(points)
  const title = `${titleOf(curve, model)}${several ? `, on ${model.name}` : ''}`
  return (
    <figure data-part="shape" className="min-w-0">
      <h3 className="text-label font-medium">{title}</h3>
      <Plot
        label={title}
        across={shape.across}
        lines={[points]}
        linkOf={({ point }) => `#${encodeLink(asMeasured(point, now), model)}`}
      />
      <figcaption className="num mt-1 max-w-md text-hint text-muted">
        <strong className="font-medium text-ink">{FINDINGS[finding]}.</strong> The article: {shape.article}. Measured
        here, {curve.images.toLocaleString('en')} images a point: {sentence}
      </figcaption>
    </figure>
  )
}

export function Shapes({ drawn }: { readonly drawn: readonly Drawn[] }) {
  const all = checked(drawn)
  if (all.length === 0) return null
  const several = new Set(drawn.map(({ model }) => model)).size > 1
  return (
    <section aria-labelledby="shapes" className="mt-10">
      <h2 id="shapes" className="text-sentence font-semibold">
        The article’s shapes, checked
      </h2>
      <p className="mt-1 max-w-[52rem] text-label text-muted">
        The difference from no guidance along one setting, with 95 % intervals; below the line is better. A click on a
        point takes its settings.
      </p>
      <div className="mt-4 grid gap-x-8 gap-y-7 sm:grid-cols-2 xl:grid-cols-3">
        {all.map((one) => (
          <Card key={`${one.model.id} ${one.curve.name}`} {...one} several={several} />
        ))}
      </div>
    </section>
  )
}
