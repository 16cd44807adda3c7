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
 * The machine, as far as this file asks it.
 * @typedef {object} Machine
 * @property {(path: string) => boolean} executable
 * @property {() => string} osRelease the text of systemd's os-release, empty where there is none
 * @property {() => boolean} isRoot
 * @property {(parameters: readonly string[]) => boolean} aptGet runs it, and says whether it went well
 */

/** @type {Machine} */
const HERE = {
  executable(path) {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  },
  osRelease() {
    try {
      return readFileSync('/etc/os-release', 'utf8')
    } catch {
      return ''
    }
  },
  isRoot: () => process.getuid?.() === 0,
  aptGet(parameters) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    return spawnSync('apt-get', parameters, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0
  },
}

/**
 * The path of a Chromium: CHROMIUM_PATH, else the usual names and places; null where there is none.
 * @param {Machine} machine
 * @returns {string | null}
 * @throws {Error} where CHROMIUM_PATH names no program
 */
export function findChromium(machine = HERE) {
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) {
    if (!machine.executable(chosen)) throw new Error(`CHROMIUM_PATH is ${chosen}, which is no program that can be run`)
    return chosen
  }
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => COMMANDS.map((command) => join(folder, command)))
  return [...PLACES.slice(0, 1), ...onPath, ...PLACES.slice(1)].find(machine.executable) ?? null
}

/**
 * The path of the same Chromium without a window to draw, which takes a third less of a processor; the whole one where that is not
 * there, or where another one is used.
 * @param {Machine} machine
 * @returns {string | null}
 */
export function findHeadlessShell(machine = HERE) {
  const found = findChromium(machine)
  return found === PLACES[0] && machine.executable(SHELL) ? SHELL : found
}

/**
 * The path of a Chromium, installed now where this is Debian and we may. One that is there is used as it is where its headless
 * shell can't be had, as without a network.
 * @param {Machine} machine
 * @returns {string}
 * @throws {Error} with the command that a person has to run
 */
export function ensureChromium(machine = HERE) {
  const found = findChromium(machine)
  const system = idOf(machine.osRelease())
  const installs = system === 'debian' && machine.isRoot()
  if (found && (!installs || found !== PLACES[0] || machine.executable(SHELL))) return found
  if (!installs) throw new Error(`The browser tests need a Chromium. Install one with:\n\n  ${advice(system)}\n`)
  const failed = install(['chromium', 'chromium-headless-shell'], machine)
  if (failed && found) {
    console.log(`${failed} failed, so the browser tests run in ${found}, which takes more of a processor.`)
    return found
  }
  if (failed) throw new Error(`${failed} failed; the browser tests need a Chromium.`)
  const installed = findChromium(machine)
  if (!installed) throw new Error('apt-get installed chromium, but there is no program of that name.')
  return installed
}

/**
 * Installs Debian's packages; returns the command that failed, or null.
 * @param {readonly string[]} packages
 * @param {Machine} machine
 * @returns {string | null}
 */
function install(packages, machine) {
  console.log(`Installing Debian's ${packages.join(' and ')}`)
  const commands = [['update'], ['install', '-y', '--no-install-recommends', ...packages]]
  const failed = commands.find((parameters) => !machine.aptGet(parameters))
  return failed ? `apt-get ${failed.join(' ')}` : null
}

/**
 * The distribution's name as systemd's os-release knows it, such as `debian`; empty elsewhere.
 * @param {string} osRelease
 */
const idOf = (osRelease) => /^ID="?([^"\n]*)/m.exec(osRelease)?.[1] ?? ''

/**
 * The command that installs a Chromium here.
 * @param {string} system
 */
function advice(system) {
  if (process.platform === 'darwin') return 'brew install --cask google-chrome'
  if (process.platform === 'win32') return 'winget install Google.Chrome'
  switch (system) {
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
