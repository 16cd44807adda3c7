// Finds a Chromium for the browser tests, installs Debian's, or says how to get one.
// @ts-check
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const COMMANDS = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser', 'microsoft-edge']
/** Debian's, of the same version as its Chromium. */
const SHELL = '/usr/bin/chromium-headless-shell'
const PLACES = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/**
 * The path of a Chromium: CHROMIUM_PATH, else the usual names and places; null where there is none.
 * @returns {string | null}
 * @throws {Error} where CHROMIUM_PATH names no program
 */
export function findChromium() {
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) {
    if (!executable(chosen)) throw new Error(`CHROMIUM_PATH is ${chosen}, which is no program that can be run`)
    return chosen
  }
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => COMMANDS.map((command) => join(folder, command)))
  return [...PLACES.slice(0, 1), ...onPath, ...PLACES.slice(1)].find(executable) ?? null
}

/**
 * The path of the same Chromium without a window to draw, which takes a third less of a processor; the whole one where that is not
 * there, or where another one is used.
 * @returns {string | null}
 */
export function findHeadlessShell() {
  const found = findChromium()
  return found === PLACES[0] && executable(SHELL) ? SHELL : found
}

/** @param {string} path */
function executable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The path of a Chromium, installed now where this is Debian and we may. One that is there is used as it is where its headless
 * shell can't be had, as without a network.
 * @returns {string}
 * @throws {Error} with the command that a person has to run
 */
export function ensureChromium() {
  const found = findChromium()
  const installs = systemId() === 'debian' && process.getuid?.() === 0
  if (found && (!installs || found !== PLACES[0] || executable(SHELL))) return found
  if (!installs) throw new Error(`The browser tests need a Chromium. Install one with:\n\n  ${advice()}\n`)
  const failed = install(['chromium', 'chromium-headless-shell'])
  if (failed && found) {
    console.log(`${failed} failed, so the browser tests run in ${found}, which takes more of a processor.`)
    return found
  }
  if (failed) throw new Error(`${failed} failed; the browser tests need a Chromium.`)
  const installed = findChromium()
  if (!installed) throw new Error('apt-get installed chromium, but there is no program of that name.')
  return installed
}

/**
 * Installs Debian's packages; returns the command that failed, or null.
 * @param {readonly string[]} packages
 * @returns {string | null}
 */
function install(packages) {
  console.log(`Installing Debian's ${packages.join(' and ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const parameters of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, error } = spawnSync('apt-get', parameters, { stdio: ['ignore', 'inherit', 'inherit'], env })
    if (error || status !== 0) return `apt-get ${parameters.join(' ')}`
  }
  return null
}

/** The distribution's name as systemd's os-release knows it, such as `debian`; empty elsewhere. */
function systemId() {
  try {
    return /^ID="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}

/** The command that installs a Chromium here. */
function advice() {
  if (process.platform === 'darwin') return 'brew install --cask google-chrome'
  if (process.platform === 'win32') return 'winget install Google.Chrome'
  switch (systemId()) {
    case 'debian':
      return 'sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium'
    case 'ubuntu':
      return 'sudo snap install chromium'
    case 'fedora':
      return 'sudo dnf install chromium'
    case 'arch':
      return 'sudo pacman -S chromium'
    default:
      return 'CHROMIUM_PATH=/path/to/chromium npm test    (with any Chromium or Chrome of your own)'
  }
}
