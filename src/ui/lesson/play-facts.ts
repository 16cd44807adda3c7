/** The playground's facts: of the last run that went all the way, its settings and what is measured of its pictures. Pure. */
import { norm } from '../../core/vector'
import type { Facts } from '../../lesson/condition'
import type { FinalSample } from '../../sampling/records'
import type { ParameterValue, Settings } from '../../settings/types'
import type { JudgeSlice } from '../judge/slice'
import type { Run } from '../run/run'

const plain = (value: ParameterValue) => (typeof value === 'boolean' ? String(value) : value)

/** By the keys that links have. */
export function settingFacts(settings: Settings): Facts {
  const { model, method, scale, layers, window, stack, parameters, solverParameters, ema, ...own } = settings
  return {
    ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, plain(value)])),
    ...solverParameters,
    ...own,
    model,
    method,
    scale,
    w: scale + 1,
    ema: ema ?? 'stored',
    class: settings.class ?? 'none',
    layers: layers === 'all' ? 'all' : layers.join('_'),
    'window.low': window[0],
    'window.high': window[1],
    terms: stack.length + (scale === 0 ? 0 : 1),
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Root mean square of guided minus positive, as shares of the way from black to white. */
function changeOf({ positive, guided }: FinalSample): number | null {
  if (!positive) return null
  return norm(guided.map((value, i) => (held(value) - held(positive[i]!)) / 2)) / Math.sqrt(guided.length)
}

/** As a pixel can show it. */
const held = (value: number) => Math.min(1, Math.max(-1, value))
const clippedOf = ({ guided }: FinalSample) => guided.filter((value) => Math.abs(value) > 1).length / guided.length

/** Mean over the samples of what there is of each. */
function averaged(name: string, values: readonly (number | null | undefined)[]): Facts {
  const known = values.flatMap((value) => (typeof value === 'number' && Number.isFinite(value) ? value : []))
  return known.length === 0 ? {} : { [name]: mean(known) }
}

function judgedFacts(run: Run, { verdicts, distances }: Pick<JudgeSlice, 'verdicts' | 'distances'>): Facts {
  const label = run.settings.class
  const seen = verdicts?.final === run.final ? verdicts.samples : []
  const far = distances?.final === run.final ? distances.samples : []
  const agrees = (of: (sample: (typeof seen)[number]) => number) =>
    label === null ? [] : seen.map((sample) => (of(sample) === label ? 1 : 0))
  return {
    ...averaged(
      'agrees.guided',
      agrees(({ guided }) => guided),
    ),
    ...averaged(
      'agrees.positive',
      agrees(({ positive }) => positive),
    ),
    ...averaged(
      'distance.guided',
      far.map(({ guided }) => guided),
    ),
    ...averaged(
      'distance.positive',
      far.map(({ positive }) => positive),
    ),
    ...averaged(
      'distance.negative',
      far.map(({ negative }) => negative),
    ),
  }
}

export function playFacts(run: Run | null, judge: Pick<JudgeSlice, 'verdicts' | 'distances'>): Facts {
  if (!run?.final) return {}
  return {
    ...settingFacts(run.settings),
    ...averaged('change', run.final.map(changeOf)),
    ...averaged('clipped', run.final.map(clippedOf)),
    ...(run.summary && { evaluations: run.summary.evaluatedRows }),
    ...judgedFacts(run, judge),
  }
}
