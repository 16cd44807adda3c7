/** The three pictures of a figure, as markup. */
import type { Trajectory } from '../sampling/records'
import { columnsOf, imagesOf, mosaic, pictureData, ROLES } from './pictures'
import type { Figure } from './types'
import { escaped, seenAt, variantsOf } from './variants'
import { altText } from './words'

type Shown = Pick<Figure, 'stops' | 'model'>

/** One trajectory's panel: each different picture once. */
async function panel({ stops, model }: Shown, role: Trajectory): Promise<string> {
  const encoded = new Map<Float32Array | undefined, Promise<string>>()
  const shown = await Promise.all(
    stops.map(async ({ settings, final }) => {
      const images = imagesOf(final, role)
      if (!images) return null
      const picture = mosaic(images, model.image)
      // What is the same at all values is packed once.
      const packed = encoded.get(images[0]) ?? pictureData(picture)
      encoded.set(images[0], packed)
      return { picture, data: await packed, alt: altText(role, settings, final, model) }
    }),
  )
  const pictures = variantsOf(shown, ({ data, alt }) => `${data} ${alt}`)
  const first = pictures[0]?.item
  if (!first) return ''
  const without = shown.flatMap((one, index) => (one ? [] : [index]))
  const none = without.length === 0 ? '' : `<p class="none ${seenAt(without, stops.length).join(' ')}">none</p>`
  const columns = columnsOf(stops[0]?.final.length ?? 1)
  const rows = Math.round(first.picture.height / model.image.height)
  const imgs = pictures.map(({ item, at }) => {
    const { picture, data, alt } = item
    return `<img class="${seenAt(at, stops.length).join(' ')}" width="${picture.width}" height="${picture.height}" alt="${escaped(alt)}" src="${data}">`
  })
  return `<div><p class="name ${role}">${role}</p><div class="frame" data-columns="${columns}" data-rows="${rows}">${imgs.join('')}${none}</div></div>`
}

export async function panels(shown: Shown): Promise<string> {
  const all = await Promise.all(ROLES.map((role) => panel(shown, role)))
  return all.join('\n')
}
