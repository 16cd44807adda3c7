/** The line under the pictures: what they were made with, whose style they are in, and what newer ones wait for. */
import { usePage, useShown, useShownSettings } from '../app/store'
import { Late } from '../kit/Late'
import { Link } from '../kit/Link'
import type { Wait } from '../run/ahead'
import { legend } from '../run/describe'
import { runKey } from '../run/run'
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
function Credit({ label }: { readonly label: number | null }) {
  const { classes } = usePage((state) => state.model.conditioning)
  const style = label === null ? undefined : classes[label]
  if (!style?.artist) return null
  return (
    <span data-part="credit" className="max-sm:block">
      drawn by {style.url ? <Link href={style.url}>{style.artist}</Link> : style.artist}
      {style.licence && `, ${style.licence}`}
    </span>
  )
}

/** `wait`: what newer pictures wait for, where the controls are ahead of these. Before the first it keeps its place. */
export function Legend({ wait }: { readonly wait: Wait | null }) {
  const run = useShown((shown) => shown)
  const settings = useShownSettings((own) => own)
  const model = usePage((state) => state.model)
  return (
    <p
      className={`${run ? '' : 'invisible'} relative order-last basis-full gap-x-4 text-hint text-muted sm:flex sm:justify-between lg:order-none lg:flex-[1_1_20rem] lg:pr-2 lg:pl-1.5 beside:order-first beside:mb-2 beside:w-full beside:flex-none beside:flex-col beside:justify-start beside:gap-y-2 beside:px-0`}
    >
      <span
        data-part="legend"
        className="num sm:relative sm:min-w-0 sm:flex-1 beside:block beside:flex-none beside:whitespace-pre-line beside:first-line:font-medium beside:first-line:text-ink"
      >
        {/* One text, since parts of it would jump when the page's own letters come. */}
        {legend(settings, run, model).join(',\n')}
        {run && wait && (
          <Late
            part="behind"
            of={runKey(run)}
            className="absolute inset-x-0 top-0 bg-bg font-medium text-ink sm:inset-0"
          >
            {FROM_BEFORE}; {WAIT[wait]}
          </Late>
        )}
      </span>
      <Credit label={settings.class} />
    </p>
  )
}
