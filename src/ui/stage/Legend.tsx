/** The line under the pictures: what they were made with, whose style they are in, and what newer ones wait for. */
import { usePage } from '../app/store'
import { Late } from '../kit/Late'
import { Link } from '../kit/Link'
import type { Wait } from '../run/ahead'
import { legend } from '../run/describe'
import { type Run, runKey } from '../run/run'
import { FROM_BEFORE } from '../run/words'

const WAIT: Record<Wait, string> = {
  drawing: 'new ones are being drawn.',
  fetching: 'new ones wait for a network.',
  loading: 'new ones wait for the model.',
  refused: 'the new settings can’t run.',
  failed: 'the new run failed.',
  stopped: 'the model is not running.',
}

/** Who drew the class of the pictures, and under which licence. */
function Credit({ run }: { readonly run: Run }) {
  const { classes } = usePage((state) => state.model.conditioning)
  const style = run.settings.class === null ? undefined : classes[run.settings.class]
  if (!style?.artist) return null
  return (
    <span data-part="credit" className="max-sm:block">
      drawn by {style.url ? <Link href={style.url}>{style.artist}</Link> : style.artist}
      {style.licence && `, ${style.licence}`}
    </span>
  )
}

/** `wait`: what newer pictures wait for, where the controls are ahead of these. */
export function Legend({ run, wait }: { readonly run: Run; readonly wait: Wait | null }) {
  const model = usePage((state) => state.model)
  return (
    <p className="relative order-last basis-full gap-x-4 text-hint text-muted sm:flex sm:justify-between lg:order-none lg:flex-[1_1_20rem] lg:pr-2 lg:pl-1.5 beside:order-first beside:mb-2 beside:w-full beside:flex-none beside:flex-col beside:justify-start beside:gap-y-2 beside:px-0">
      <span data-part="legend" className="num sm:relative">
        {legend(run, model).map((part, at) => (
          <span key={part} className="beside:block beside:first:font-medium beside:first:text-ink">
            {at > 0 && <span className="beside:hidden"> · </span>}
            {part}
          </span>
        ))}
        {wait && (
          <Late
            part="behind"
            of={runKey(run)}
            className="absolute inset-x-0 top-0 bg-bg font-medium text-ink sm:inset-0 sm:whitespace-nowrap beside:whitespace-normal"
          >
            {FROM_BEFORE}; {WAIT[wait]}
          </Late>
        )}
      </span>
      <Credit run={run} />
    </p>
  )
}
