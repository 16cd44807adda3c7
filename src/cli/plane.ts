/** `npm run -s plane -- LINK …`: walks the points of the plane under the settings of links, and says what is measured of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '../core/failure'
import { runCloud } from '../plane/cloud'
import { measure } from '../plane/measures'
import { openPlane } from '../plane/plane'
import { TrajectoryCache } from '../sampling/cache'
import type { Trajectory } from '../sampling/records'
import { decodeLink, hashOf, withoutRoom } from '../settings'
import type { Settings } from '../settings/types'
import { runCommand, UsageError } from './usage'

const HELP = `Usage: npm run -s plane -- [--bench N] [LINK …]

Walks 2,000 points of the plane under the settings of each link (what an address says after its #, such as "method=cfg&scale=2"; the
plane's own first settings where none is given), and prints of the points at the end: their mean log density under the truth, the share
outside, and how many twigs they reach; of the positive alone, the negative alone, and the guided.

  --bench N   also N times again with another scale each, as a drag does, on one thread: the least and the middle time of a core`

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '../../models/plane', name), 'utf8'))
const TRAJECTORIES: readonly Trajectory[] = ['positive', 'negative', 'guided']

/** Milliseconds of a core since then, which a crowded machine does not stretch as it does those of a clock. */
function spent(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { help: { type: 'boolean' }, bench: { type: 'string' } },
    })
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}

export async function plane(argv: readonly string[]): Promise<string> {
  const { values, positionals } = parsed(argv)
  if (values.help) return HELP
  const repeats = Number(values.bench ?? 0)
  if (!Number.isInteger(repeats) || repeats < 0)
    throw new UsageError(`--bench must be a whole number, not ${values.bench}`)
  const { mixture, truth, model, denoiser } = openPlane(
    read('mixture.json'),
    read('networks.json'),
    read('weights.json'),
  )

  async function line(link: string): Promise<string> {
    const { settings, problems } = decodeLink(withoutRoom(hashOf(link)), model)
    if (problems.length > 0) throw new UsageError(`${link}: ${problems.join(' ')}`)
    const cache = new TrajectoryCache()
    const walk = async (of: Settings) => {
      const begun = process.cpuUsage()
      const cloud = await runCloud({ denoiser, settings: of, alone: ['positive', 'negative'], cache })
      return { cloud, milliseconds: spent(begun) }
    }
    const { cloud, milliseconds } = await walk(settings)
    const rows = TRAJECTORIES.flatMap((which) => {
      const end = cloud.paths[which]?.at(-1)
      if (!end) return []
      const { logLikelihood, outside, covered, twigs } = measure(end, settings.class, mixture, truth)
      const numbers = `likelihood ${logLikelihood.toFixed(2)}  outside ${(100 * outside).toFixed(1)} %  twigs ${covered} of ${twigs}`
      return [`  ${which.padEnd(9)} ${numbers}`]
    })
    const times: number[] = []
    for (let k = 1; k <= repeats; k++)
      times.push((await walk({ ...settings, scale: settings.scale + k / 100 })).milliseconds)
    times.sort((a, b) => a - b)
    const bench =
      repeats === 0
        ? ''
        : `; then at least ${times[0]!.toFixed(0)} ms, in the middle ${times[repeats >> 1]!.toFixed(0)} ms`
    return [
      link || 'as the room opens',
      ...rows,
      `  ${cloud.evaluations} evaluations in ${milliseconds.toFixed(0)} ms of a core${bench}`,
    ].join('\n')
  }

  const lines: string[] = []
  for (const link of positionals.length > 0 ? positionals : ['']) lines.push(await line(link))
  return lines.join('\n')
}

if (process.argv[1]?.endsWith('plane.ts')) await runCommand(plane)
