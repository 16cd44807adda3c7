/** The models that the page was built with: every `models/<id>/manifest.json`, validated. The tiny one is for tests only. */
import { parseManifest } from '../engine/manifest'
import type { ModelInfo } from '../engine/types'

const manifests = import.meta.glob<unknown>('../../models/*/manifest.json', { eager: true, import: 'default' })

export const models: readonly ModelInfo[] = Object.values(manifests).map(parseManifest)
