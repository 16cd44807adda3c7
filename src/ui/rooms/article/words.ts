/** Numbers of the article's room as words. Pure. */
import type { ModelInfo } from '../../../model/types'
import { fixed } from '../../../core/format'
import { differenceText } from '../measured/estimate'
import type { ShapePoint } from '../measured/shape'
import type { Evidence, Measured } from './evidence'
import { found } from './evidence'

const count = (images: number) => images.toLocaleString('en')

export const metricOf = ({ judge }: ModelInfo): string => judge?.metric ?? 'Fréchet distance'

/** `−1.18 ± 0.18`, or of no guidance its own distance. */
export function numberText({ frechet, against }: Measured, model: ModelInfo): string {
  if (against) return differenceText(against)
  const { value, margin } = frechet
  return `${metricOf(model)} ${fixed(value)}${margin === null ? '' : ` ± ${fixed(margin)}`}`
}

export const imagesText = ({ images }: Measured): string => `${count(images)} images`

/** `500 to 5,000 images a point` */
export function imagesOf(points: readonly ShapePoint[], evidence: Evidence): string {
  const counts = points.flatMap(({ point }) => found(evidence, point.settings)?.images ?? [])
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  return `${least === most ? count(least) : `${count(least)} to ${count(most)}`} images a point`
}
