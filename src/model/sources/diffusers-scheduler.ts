/** diffusers' scheduler_config.json: prediction, schedule, and the noise levels that its own sampling would take. */
import { adapterOf } from '../adapter'
import type { Chosen } from '../description'
import { choiceFault, complete, kindById } from '../kinds'
import { predictions } from '../predictions/index.generated'
import { schedules } from '../schedules/index.generated'
import { classIn, type Clues, type ConfigSource, type Json, numberIn } from '../source'

const BETAS: Readonly<Record<string, string>> = {
  linear: 'linear',
  scaled_linear: 'scaled-linear',
  squaredcos_cap_v2: 'cosine',
}
const PREDICTIONS: Readonly<Record<string, string>> = {
  epsilon: 'epsilon',
  sample: 'x0',
  v_prediction: 'v',
  flow_prediction: 'flow',
}

const WHOLE = { low: -1, high: 1 }

/** A kind with these parameters; null where they are none of its. */
function chosen(kinds: typeof predictions | typeof schedules, id: string, given: Chosen['parameters'] = {}) {
  return choiceFault(kinds, id, given) === null ? complete(kindById<(typeof kinds)[number]>(kinds, id), given) : null
}

function textIn(json: Json, key: string): string | undefined {
  const value = json[key]
  return typeof value === 'string' ? value : undefined
}

function edmClues(json: Json, name: string): Clues {
  const sigmaData = numberIn(json, 'sigma_data') ?? 0.5
  const type = textIn(json, 'prediction_type') ?? 'epsilon'
  const prediction = chosen(predictions, type === 'v_prediction' ? 'v' : 'edm', { sigmaData })
  const schedule = chosen(schedules, 'edm', { sigmaData })
  if (!prediction || !schedule) return {}
  const said = `${name} is of ${classIn(json)}, with prediction_type ${type} and sigma_data ${sigmaData}`
  const [min, max] = [numberIn(json, 'sigma_min') ?? 0.002, numberIn(json, 'sigma_max') ?? 80]
  return {
    prediction: { value: prediction, why: said },
    schedule: { value: schedule, why: said },
    sigma: {
      value: { min, max, rho: numberIn(json, 'rho') ?? 7 },
      why: `${name} says sigma_min ${min}, sigma_max ${max}`,
    },
    dataDeviation: { value: sigmaData, why: `${name} says sigma_data ${sigmaData}` },
  }
}

/** The last time of FlowMatchEuler's sampling, whose constructor shifts once, and whose set_timesteps shifts again. */
function flowClues(json: Json, name: string): Clues {
  const shift = numberIn(json, 'shift') ?? 1
  const factor = numberIn(json, 'num_train_timesteps') ?? 1000
  const value = chosen(schedules, 'flow', { shift, factor })
  const prediction = chosen(predictions, 'flow')
  if (!value || !prediction) return {}
  const shifted = (t: number) => (shift * t) / (1 + (shift - 1) * t)
  const last = shifted(shifted(1 / factor))
  const { max } = adapterOf({ prediction, schedule: value, range: WHOLE }).range
  const dynamic = json['use_dynamic_shifting'] === true
  return {
    prediction: { value: prediction, why: `${name} is of ${classIn(json)}: a flow, noise − image` },
    schedule: {
      value,
      why: `${name} says shift ${shift}, and the network is told t times num_train_timesteps, ${factor}`,
      ...(dynamic && {
        doubt: 'Its shift grows with the size of the image (use_dynamic_shifting); this one is fixed.',
      }),
    },
    sigma: {
      value: { min: last / (1 - last), max, rho: 7, spacing: 'time' },
      why: `${name} is of a flow: times are spaced evenly, and shifted`,
    },
  }
}

function scoreClues(json: Json, name: string): Clues {
  const prediction = chosen(predictions, 'score')
  const schedule = chosen(schedules, 'sigma')
  if (!prediction || !schedule) return {}
  const why = `${name} is of ${classIn(json)}: the network is told σ and gives a score`
  const [min, max] = [numberIn(json, 'sigma_min') ?? 0.01, numberIn(json, 'sigma_max') ?? 1348]
  return {
    prediction: { value: prediction, why },
    schedule: { value: schedule, why },
    sigma: { value: { min, max, rho: 7 }, why: `${name} says sigma_min ${min}, sigma_max ${max}` },
  }
}

function betaClues(json: Json, name: string): Clues {
  const type = textIn(json, 'prediction_type') ?? 'epsilon'
  const id = PREDICTIONS[type]
  const prediction = id === undefined ? null : chosen(predictions, id)
  const word = textIn(json, 'beta_schedule') ?? 'linear'
  const kind = BETAS[word]
  const zeroTerminal = json['rescale_betas_zero_snr'] === true
  const steps = numberIn(json, 'num_train_timesteps') ?? 1000
  const ends =
    kind === 'cosine'
      ? {}
      : { betaStart: numberIn(json, 'beta_start') ?? 0.0001, betaEnd: numberIn(json, 'beta_end') ?? 0.02 }
  const schedule = kind === undefined ? null : chosen(schedules, kind, { ...ends, steps, zeroTerminal })
  const trained = Array.isArray(json['trained_betas'])
  const said = Object.entries({ ...ends, num_train_timesteps: steps }).map(([key, value]) => `${key} ${value}`)
  // Of DDPM and DDIM it is the default.
  const clips = json['clip_sample'] === true || (json['clip_sample'] === undefined && /^DD[PI]M/.test(classIn(json)))
  const most = numberIn(json, 'clip_sample_range') ?? 1
  return {
    ...(clips && most > 0 && { clip: { value: most, why: `${name} says clip_sample, within ±${most}` } }),
    ...(prediction && {
      prediction: {
        value: prediction,
        why: `${name} says prediction_type ${type}`,
        ...(json['prediction_type'] === undefined && { doubt: `${name} does not say what is predicted; ε is usual.` }),
      },
    }),
    ...(schedule && {
      schedule: {
        value: schedule,
        why: `${name} says beta_schedule ${word}, ${said.join(', ')}${zeroTerminal ? ', rescaled to zero SNR' : ''}`,
        ...(trained && { doubt: `${name} has betas of its own (trained_betas), which are not read.` }),
      },
      ...(prediction && {
        sigma: {
          value: { ...adapterOf({ prediction, schedule, range: WHOLE }).range, rho: 7, spacing: 'time' as const },
          why: `${name} trains on ${steps} steps: from the first to the last of them`,
        },
      }),
    }),
  }
}

export const diffusersScheduler: ConfigSource = {
  id: 'diffusers-scheduler',
  place: 0,
  recognises: (json) => classIn(json).endsWith('Scheduler') || 'beta_schedule' in json,
  read(json, name) {
    const kind = classIn(json)
    if (kind.startsWith('EDM')) return edmClues(json, name)
    if (kind.startsWith('FlowMatch') || json['prediction_type'] === 'flow_prediction') return flowClues(json, name)
    if (kind.startsWith('ScoreSdeVe')) return scoreClues(json, name)
    // Others, such as consistency models', have no betas, and are not known.
    return 'beta_schedule' in json ? betaClues(json, name) : {}
  },
}
