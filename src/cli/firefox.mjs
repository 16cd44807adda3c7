// Finds a Firefox for the tests that run in it; without one they are left out, which `npm test` says.
// @ts-check
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const COMMANDS = ['firefox-esr', 'firefox']
const PLACES = ['/Applications/Firefox.app/Contents/MacOS/firefox', 'C:\\Program Files\\Mozilla Firefox\\firefox.exe']

/** How to get one where there is none. */
export const FIREFOX_ABSENT =
  'Left out: no Firefox is installed (sudo apt-get install firefox-esr, or FIREFOX_PATH=/path/to/firefox), so nothing was tried in it.'

/**
 * The path of a Firefox: FIREFOX_PATH, else the usual names and places; null where there is none.
 * @param {(path: string) => boolean} executable
 * @returns {string | null}
 * @throws {Error} where FIREFOX_PATH names no program
 */
export function findFirefox(executable = canRun) {
  const chosen = process.env['FIREFOX_PATH']
  if (chosen) {
    if (!executable(chosen)) throw new Error(`FIREFOX_PATH is ${chosen}, which is no program that can be run`)
    return chosen
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const onPath = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)))
  return [...onPath, ...PLACES].find(executable) ?? null
}

/** @param {string} path */
function canRun(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
