/** Finds what a person means by FILE_OR_LINK: a preset file, or a link copied from the page. */
import { existsSync, readFileSync } from 'node:fs'
import { decodeLink, linkModel, parsePreset, presetModel, type PresetResult } from '../settings'
import type { ModelInfo } from '../model/types'
import { defaultModel, families } from './models'
import { UsageError } from './usage'

export interface PresetSource {
  readonly model: string
  /** Does it name a class? Of a link: one that is not the default, which links leave out. */
  readonly fixesClass: boolean
  settings(model: ModelInfo): PresetResult
}

export function openPreset(fileOrLink: string): PresetSource {
  if (/^\w+:\/\//.test(fileOrLink) || fileOrLink.includes('#') || /^v=\d/.test(fileOrLink)) {
    const hash = fileOrLink.includes('#')
      ? fileOrLink.slice(fileOrLink.indexOf('#'))
      : /^v=\d/.test(fileOrLink)
        ? fileOrLink
        : ''
    return {
      model: linkModel(hash, families()),
      fixesClass: /[#&]class=/.test(`#${hash.replace(/^#/, '')}`),
      settings(model) {
        const { settings, problems, notes } = decodeLink(hash, model)
        for (const note of notes) console.error(note)
        return problems[0] === undefined ? { ok: true, settings } : { ok: false, problem: problems[0] }
      },
    }
  }
  if (!existsSync(fileOrLink)) throw new UsageError(`there is no preset file ${fileOrLink}`)
  let json: unknown
  try {
    json = JSON.parse(readFileSync(fileOrLink, 'utf8'))
  } catch (error) {
    throw new UsageError(`${fileOrLink} is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const fixesClass = typeof json === 'object' && json !== null && 'class' in json
  return { model: presetModel(json) ?? defaultModel(), fixesClass, settings: (model) => parsePreset(json, model) }
}
