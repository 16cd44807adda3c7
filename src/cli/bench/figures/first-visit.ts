import type { Figure } from '../figure'
import type { Fetched } from '../meter'
import type { Visitor } from '../visitor'

/** Without the hash of its content, so that it is one line for both builds. */
const nameOf = (path: string) => path.replace(/-[\w-]{8}(\.\w+)$/, '-*$1')
/** Smaller ones are told together. */
const SMALL = 50_000

/** The service worker fetches what the page may need without a network: beside the visit, so it is counted apart. */
async function visit(visitor: Visitor, serviceWorkers: 'allow' | 'block'): Promise<readonly Fetched[]> {
  const context = await visitor.freshContext(serviceWorkers)
  visitor.meter.take()
  await visitor.open(context, visitor.address('newcomer'))
  await visitor.meter.quiet()
  await context.close()
  return visitor.meter.take()
}

export const firstVisit: Figure = {
  id: 'first-visit',
  title: 'First visit',
  order: 8,
  rounds: 1,
  note: 'What an empty browser fetches until the page is at rest: bodies as they travel, and as the page reads them.',
  async measure(visitor) {
    const files = await visit(visitor, 'block')
    const kept = await visit(visitor, 'allow')
    const sum = (which: 'transferred' | 'decoded', of = files) => of.reduce((total, file) => total + file[which], 0)
    const names = [...new Set(files.map(({ path }) => nameOf(path)))]
    const each = names.map((name) => ({ name, files: files.filter(({ path }) => nameOf(path) === name) }))
    const large = each.filter((one) => sum('decoded', one.files) >= SMALL)
    const small = each.filter((one) => sum('decoded', one.files) < SMALL).flatMap((one) => one.files)
    return [
      { line: 'requests', unit: 'count', value: files.length },
      { line: 'transferred', unit: 'bytes', value: sum('transferred') },
      { line: 'decoded', unit: 'bytes', value: sum('decoded') },
      { line: 'requests with the service worker', unit: 'count', value: kept.length },
      { line: 'transferred with the service worker', unit: 'bytes', value: sum('transferred', kept) },
      ...[...large]
        .sort((a, b) => sum('transferred', b.files) - sum('transferred', a.files))
        .flatMap(({ name, files: of }) => [
          { line: `${name}, transferred`, unit: 'bytes' as const, value: sum('transferred', of) },
          { line: `${name}, decoded`, unit: 'bytes' as const, value: sum('decoded', of) },
        ]),
      { line: 'files below 50 kB, transferred', unit: 'bytes', value: sum('transferred', small) },
    ]
  },
}
