import { readFileSync } from 'node:fs'
import { COUNTS_MEMORY, heapsOf } from '../../heap'
import type { Figure } from '../figure'

/** Bytes of a process that are no other's file; null where this system does not tell. */
function residentOf(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const of = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    return of('RssAnon') + of('RssShmem')
  } catch {
    return null
  }
}

export const memory: Figure = {
  id: 'memory',
  title: 'Memory',
  order: 10,
  rounds: 1,
  note: 'A newcomer’s page at rest, after its first pictures: what its process holds, and what the developer tools say of page and workers.',
  async measure(visitor) {
    const context = await visitor.freshContext('block')
    visitor.meter.prepended = { path: /^\/assets\/worker-[\w-]+\.js$/, text: COUNTS_MEMORY }
    const before = await visitor.renderers()
    const { page } = await visitor.open(context, visitor.address('newcomer'))
    const own = (await visitor.renderers()).filter((pid) => !before.includes(pid))
    const resident = own.map(residentOf).filter((bytes) => bytes !== null)
    const heaps = await heapsOf(page).catch(() => null)
    visitor.meter.prepended = null
    await context.close()
    return [
      { line: 'process', unit: 'bytes', value: resident.length === 0 ? null : resident.reduce((a, b) => a + b) },
      { line: 'page', unit: 'bytes', value: heaps && heaps.page },
      { line: 'workers', unit: 'bytes', value: heaps && heaps.workers },
    ]
  },
}
