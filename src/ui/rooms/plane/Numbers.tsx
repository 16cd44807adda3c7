/** What is measured of the points at the end, beside true points; a row is chosen to see its points. */
import type { Truth } from '../../../plane/measures'
import type { Trajectory } from '../../../sampling/records'
import { Hint } from '../../kit/Hint'
import { usePageView } from '../../view/Part'
import { addressOf } from '../lab/tabs/plane/wish'
import { COLOUR_OF } from './painter'
import type { Plane } from './plane'
import { likelihoodText, NAMES, shareText, verdict } from './words'
import { usePlane } from './use-plane'

const ORDER: readonly Trajectory[] = ['positive', 'negative', 'guided']

const DOT = { positive: 'bg-positive', negative: 'bg-negative', ink: 'bg-ink' } as const

function dotOf(which: Trajectory): string {
  const colour = COLOUR_OF[which]
  return colour === 'positive' || colour === 'negative' ? DOT[colour] : DOT.ink
}

function Row({ plane, which }: { readonly plane: Plane; readonly which: Trajectory }) {
  const measures = usePlane(plane, ({ shown }) => shown?.measures[which] ?? null)
  const chosen = usePlane(plane, ({ trajectory }) => trajectory === which)
  return (
    <tr className="border-t border-line" data-part={`numbers-${which}`}>
      <th scope="row" className="py-1 pr-2 text-left font-normal">
        <button
          type="button"
          data-part={`show-${which}`}
          aria-pressed={chosen}
          disabled={!measures}
          className={`-ml-1 inline-flex items-center gap-2 rounded-[4px] px-1 py-0.5 text-left ${chosen ? 'bg-sunken font-medium' : 'hover:bg-sunken'} disabled:text-muted`}
          onClick={() => plane.set({ trajectory: which })}
        >
          <span className={`size-2 shrink-0 rounded-full ${dotOf(which)}`} aria-hidden />
          {NAMES[which]}
        </button>
      </th>
      <td translate="no" className="text-right">
        {measures ? likelihoodText(measures) : '–'}
      </td>
      <td translate="no" className="text-right">
        {measures ? shareText(measures.outside) : '–'}
      </td>
      <td className="pl-2 text-right whitespace-nowrap">
        {measures ? `${measures.covered} of ${measures.twigs}` : '–'}
      </td>
    </tr>
  )
}

function True({ plane, truth }: { readonly plane: Plane; readonly truth: Truth }) {
  const label = usePlane(plane, ({ shown }) => shown?.settings.class ?? null)
  const twigs = usePlane(plane, ({ shown }) => shown?.measures.guided?.twigs)
  return (
    <tr className="border-t border-line text-muted">
      <th scope="row" className="py-1 pr-2 text-left font-normal">
        True points
      </th>
      <td translate="no" className="text-right">
        {likelihoodText({ logLikelihood: truth.logLikelihood[label ?? truth.logLikelihood.length - 1] ?? 0 })}
      </td>
      <td translate="no" className="text-right">
        1.0 %
      </td>
      <td className="pl-2 text-right whitespace-nowrap">{twigs === undefined ? '–' : `${twigs} of ${twigs}`}</td>
    </tr>
  )
}

export function Verdict({ plane }: { readonly plane: Plane }) {
  const said = usePlane(plane, ({ shown }) => shown && verdict(shown))
  return (
    <p data-part="verdict" role="status" className="min-h-[2lh] text-sentence">
      {said}
    </p>
  )
}

/** To the same numbers against a setting. */
function Curves({ plane }: { readonly plane: Plane }) {
  const settings = usePlane(plane, ({ shown }) => shown?.settings)
  const embed = usePageView((view) => view.embed)
  if (embed || !settings) return null
  return (
    <p className="mt-1.5 text-label">
      <a className="link" data-part="plane-curves" href={addressOf(settings)}>
        Curves of these, with intervals
      </a>
    </p>
  )
}

export function Numbers({ plane, truth }: { readonly plane: Plane; readonly truth: Truth }) {
  const told = usePlane(plane, ({ shown }) => shown)
  return (
    <div>
      <table className="num w-full text-label">
        <caption className="sr-only">The points at the end of the way</caption>
        <thead className="text-hint text-muted">
          <tr>
            <th scope="col" className="sr-only">
              whose
            </th>
            <th scope="col" className="pb-1 text-right font-normal">
              likelihood
            </th>
            <th scope="col" className="pb-1 pl-2 text-right font-normal">
              outside
            </th>
            <th scope="col" className="pb-1 pl-2 text-right font-normal">
              twigs reached
            </th>
          </tr>
        </thead>
        <tbody>
          {ORDER.map((which) => (
            <Row key={which} plane={plane} which={which} />
          ))}
          <True plane={plane} truth={truth} />
        </tbody>
      </table>
      <Hint className="mt-1.5">
        Likelihood: the mean of ln p, the exact log density of the class. Outside: where fewer than 1 in 100 true points
        lie; these are drawn in red. A twig is reached by a quarter of the points that it should have.
      </Hint>
      <Curves plane={plane} />
      {told && (
        <Hint className="mt-1" figures part="cost">
          {`${told.evaluations.toLocaleString('en')} evaluations in ${Math.round(told.milliseconds)} ms, here.`}
        </Hint>
      )}
    </div>
  )
}
