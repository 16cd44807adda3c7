/** The sheets of pictures that `models/train/article.ts` drew: a row of three a place, found by the place's link. */
import type { ModelInfo } from '../../../model/types'
import type { Settings } from '../../../settings/types'
import { keyOf } from './evidence'

const sheets = import.meta.glob<string>('./pictures/*.webp', { eager: true, query: '?url', import: 'default' })
const places = import.meta.glob<readonly string[]>('./pictures/*.json', { eager: true, import: 'default' })

/** Where the pictures of settings are: a sheet and the row in it. */
export interface PicturesAt {
  readonly url: string
  readonly row: number
}

/** Null where no such pictures were drawn, or other weights drew them. */
export function picturesOf(settings: Settings, model: ModelInfo): PicturesAt | null {
  const url = sheets[`./pictures/${model.id}.webp`]
  const row = places[`./pictures/${model.id}.json`]?.indexOf(keyOf(settings, model)) ?? -1
  return url === undefined || row < 0 ? null : { url, row }
}
