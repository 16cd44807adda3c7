/** What makes two points of a sweep the same: settings and weights, by a hash that no machine and no order of keys changes. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { canonicalJson } from '../core/canonical'
import { networksOf } from '../guidance/pair'
import type { ModelInfo } from '../model/types'
import { toPreset } from '../settings'
import type { Settings } from '../settings/types'

/** Digests of the networks' weights that a run needs, by id. */
export function sourceOf(settings: Settings, model: ModelInfo): Record<string, string> {
  const ids = networksOf(settings, model).flatMap(({ id, neon }) => (neon ? [id, neon.against] : [id]))
  return Object.fromEntries(
    model.networks.filter(({ id }) => ids.includes(id)).map(({ id, weights }) => [id, weights.sha256]),
  )
}

/** SHA-256 of a text as 64 hex digits. */
export const hashOfText = (text: string): string => bytesToHex(sha256(new TextEncoder().encode(text)))

/** 16 hex digits: equal for equal settings and weights. */
export function settingsId(settings: Settings, model: ModelInfo): string {
  return hashOfText(canonicalJson({ preset: toPreset(settings), source: sourceOf(settings, model) })).slice(0, 16)
}

/** The shard, from 1 to `of`, that has the point: by its id alone, so that a sweep that grows keeps what each shard has. */
export function shardOf(id: string, of: number): number {
  return 1 + (Number.parseInt(hashOfText(id).slice(0, 8), 16) % of)
}
