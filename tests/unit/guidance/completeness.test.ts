/**
 * What every guidance method owes, whoever adds it: the tests go over the registry, and know no method by name. Golden values and
 * runs are asked for in tests/unit/engine/methods.test.ts.
 */
import fc from 'fast-check'
import katex from 'katex'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, TABLES, withTable } from '../../../src/cli/readme-tables'
import { STREAM, streamOf } from '../../../src/core/random'
import {
  drawnEachStep,
  folds,
  makersOf,
  methodById,
  methodGroups,
  methods,
  needsVision,
  negatives,
  parametersOf,
  readsMap,
} from '../../../src/guidance'
import { describePair } from '../../../src/guidance/describe'
import {
  foldedPrediction,
  negativePrediction,
  negativesOf,
  networksOf,
  positiveAt,
  usesVision,
} from '../../../src/guidance/pair'
import { positiveOf } from '../../../src/guidance/positive'
import type { Prediction } from '../../../src/guidance/prediction'
import { DIMENSIONS, type NegativeContext } from '../../../src/guidance/types'
import { networkKey, type ModelInfo } from '../../../src/model/types'
import { complete } from '../../../src/network/controls/complete'
import { defaultSettings, settingsRefusal } from '../../../src/settings'
import type { ParameterValue, Settings } from '../../../src/settings/types'
import { anySettingsOf } from '../../support/any-settings'
import { toyModel as model } from '../../support/model'

const all = methods.map((method) => [method.id, method] as const)
const makers = negatives.map((method) => [method.id, method] as const)
/** What an error, or a reason against, tells a person to do. */
const ADVICE = /\b([Ss]et|[Cc]hoose|[Uu]se) /

const LEVELS = [80, 8, 0.5, 0.002]
const contextOf = (settings: Settings, at: Partial<NegativeContext> = {}): NegativeContext => ({
  model,
  settings,
  positive: positiveOf(settings, model),
  sample: 1,
  step: 2,
  sigma: 1,
  sigmaNext: 0.5,
  ...at,
})

/** What a prediction asks, apart from neutral values: equal for predictions that can't differ. */
function meaning({ network, attention, embeddingOffset, ...rest }: Prediction): unknown {
  return {
    ...rest,
    network: networkKey(network),
    attention: model.layers.map((_, index) => complete(attention?.[index])),
    offset: embeddingOffset?.some((value) => value !== 0) ? embeddingOffset : null,
  }
}

describe('the documentation', () => {
  it.each(TABLES.map((table) => [table.file, table] as const))('%s has the table of what there is', (file, table) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    expect(text, 'run npm run registries and commit the result').toBe(withTable(text, table))
    for (const { id } of methods) expect(text).toContain(`| \`${id}\` |`)
  })
})

describe('the menu', () => {
  it('has every method once', () => {
    expect(methodGroups.flatMap((group) => group.methods.map(({ id }) => id)).sort()).toEqual(
      methods.map(({ id }) => id).sort(),
    )
  })

  it('does not leave the order of two methods to chance', () => {
    for (const group of methodGroups) {
      const orders = group.methods.map(({ order }) => order)
      expect(new Set(orders).size, `${group.label}: ${orders.join(', ')}`).toBe(orders.length)
    }
  })
})

describe('metadata', () => {
  it.each(all)('of %s is complete', (_, method) => {
    expect(method.source.url).toMatch(/^https:\/\//)
    expect(method.source.text).not.toBe('')
    for (const text of [method.sentence, method.needs, method.breaks]) expect(text).toMatch(/^[^ ].*\.$/)
    expect(method.brief, 'a few words that fit a cell').toMatch(/^\S.{3,44}[^.]$/)
    for (const text of [method.name, method.title, method.cost]) expect(text).toMatch(/\S/)
    expect(method.scale.default).toBeGreaterThanOrEqual(0)
    expect(method.scale.default).toBeLessThanOrEqual(method.scale.max)
    expect(new Set(method.parameters.map(({ key }) => key)).size).toBe(method.parameters.length)
  })

  it.each(all)('of the parameters of %s agrees with itself', (_, method) => {
    for (const parameter of method.parameters) {
      expect(parameter.help, parameter.key).toMatch(/\.$/)
      switch (parameter.kind) {
        case 'number':
          expect(parameter.min).toBeLessThan(parameter.max)
          expect(parameter.default).toBeGreaterThanOrEqual(parameter.min)
          expect(parameter.default).toBeLessThanOrEqual(parameter.max)
          if (parameter.whole) expect(Number.isInteger(parameter.default)).toBe(true)
          break
        case 'choice': {
          const standard = typeof parameter.default === 'string' ? parameter.default : parameter.default(model)
          expect(parameter.choices.map(({ value }) => value)).toContain(standard)
          break
        }
        case 'network':
          expect(model.networks.map(({ id }) => id)).toContain(parameter.default(model, 0))
          break
        case 'layer':
          expect(model.layers[parameter.default(model)]).toBeDefined()
          break
        case 'ema':
          expect(method.parameters.find(({ key }) => key === parameter.of)?.kind).toBe('network')
          break
        case 'flag':
          break
        default:
          parameter satisfies never
      }
      if (!parameter.when) continue
      const { key, in: values } = parameter.when
      const other = method.parameters.find((candidate) => candidate.key === key)
      const choices = other?.kind === 'choice' ? other.choices.map(({ value }) => value) : []
      expect(choices).toEqual(expect.arrayContaining([...values]))
    }
  })

  it('gives each key one meaning', () => {
    // All combiners name their negative alike.
    const keys = methods
      .flatMap(({ parameters }) => parameters.map(({ key }) => key))
      .filter((key) => key !== 'negative')
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
    const { parameters: _, ...own } = defaultSettings(model, 'none')
    for (const taken of Object.keys(own)) expect(keys).not.toContain(taken)
  })

  it('gives each method a stream of random numbers of its own', () => {
    const streams = [...Object.values(STREAM), ...methods.map(({ id }) => streamOf(id))]
    expect(new Set(streams).size).toBe(streams.length)
    const folder = join(ROOT, 'src', 'guidance', 'methods')
    const used = readdirSync(folder).flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      const id = /^ +id: '(.+)',$/m.exec(text)?.[1]
      for (const [, named] of text.matchAll(/streamOf\((.+?)\)/g)) expect(named, file).toBe(`'${id}'`)
      return [...new Set(text.match(/STREAM\.\w+/g))]
    })
    expect(used.filter((stream, i) => used.indexOf(stream) !== i)).toEqual([])
  })
})

describe('the code', () => {
  const SRC = join(ROOT, 'src')
  const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
  // A method may know itself; old links have the names and values that they were written with.
  const elsewhere = sources.filter((file) => !/^guidance.methods.|^settings.versions\.ts$/.test(file))
  // Every class and every style has a “none”, and combiners share the parameter `negative`.
  const ids = methods.map(({ id }) => id.replace(/[+*]/g, String.raw`\$&`)).filter((id) => id !== 'none')
  const keys = methods.flatMap(({ parameters }) => parameters.map(({ key }) => key)).filter((key) => key !== 'negative')
  const branch = new RegExp(
    String.raw`[!=]== '(${ids.join('|')})'|case '(${ids.join('|')})'|parameters\??\.(${keys.join('|')})\b`,
  )

  it('asks a method for a capability, and never for its name or for a parameter’s', () => {
    const found = elsewhere.flatMap((file) =>
      readFileSync(join(SRC, file), 'utf8')
        .split('\n')
        .flatMap((line, i) => (branch.test(line) ? [`src/${file}:${i + 1}: ${line.trim()}`] : [])),
    )
    expect(found).toEqual([])
    for (const line of ['parameters.mapLayer !== undefined', "id === 'cfg++'", "case 'sag':"])
      expect(line).toMatch(branch)
  })
})

describe('formulas', () => {
  const render = (formula: string) => katex.renderToString(formula, { throwOnError: true, strict: 'error' })

  it.each(all)('of %s are understood by KaTeX for every choice', (id, method) => {
    const { parameters } = defaultSettings(model, id)
    const variants: Record<string, ParameterValue>[] = [parameters, {}]
    for (const parameter of method.parameters) {
      const { key } = parameter
      if (parameter.kind === 'choice')
        variants.push(...parameter.choices.map(({ value }) => ({ ...parameters, [key]: value })))
      if (parameter.kind === 'flag') variants.push({ ...parameters, [key]: true }, { ...parameters, [key]: false })
      if (parameter.kind === 'number')
        variants.push({ ...parameters, [key]: parameter.max }, { ...parameters, [key]: parameter.min })
    }
    for (const values of variants) {
      // As the card shows them, part under part.
      for (const part of method.formula(values).split(String.raw`,\quad`)) expect(render(part)).toContain('<math')
    }
  })

  it.each(makers)('inside a pair are understood, whatever %s is called', (_, method) => {
    const offer = method.pair
    if (offer.dimension === null) return
    const value = offer.choice?.value ?? method.id
    for (const { key } of choicesOf(value)) {
      const formula = methodById('pair')!.formula({ negativePerturbation: 'none', [key]: value })
      expect(render(formula)).toContain('<math')
    }
  })
})

/** The questions of a pair that have this choice. */
const choicesOf = (value: string) =>
  methodById('pair')!.parameters.filter(
    (parameter) => parameter.kind === 'choice' && parameter.choices.some((choice) => choice.value === value),
  )

describe('a pair', () => {
  it.each(makers)('offers %s, or says why not', (_, { id, pair }) => {
    if (pair.dimension === null) expect(pair.why).toMatch(/\.$/)
    else {
      expect(DIMENSIONS).toContain(pair.dimension)
      const offered = choicesOf(pair.choice?.value ?? id)
      expect(offered.map(({ key }) => key.startsWith('positive')).sort()).toEqual(
        pair.positive ? [false, true] : [false],
      )
    }
  })

  it.each(makers)('with one choice is %s', (id, method) => {
    const offer = method.pair
    if (offer.dimension === null) return
    const value = offer.choice?.value ?? id
    const named = defaultSettings(model, id)
    const question = choicesOf(value).find(({ key }) => key.startsWith('negative'))!
    const parameters = {
      ...defaultSettings(model, 'pair').parameters,
      negativePerturbation: 'none',
      [question.key]: value,
      ...named.parameters,
    }
    const pair: Settings = { ...named, method: 'pair', parameters }
    const own = method.negative(contextOf(named))
    expect(own).not.toBeNull()
    expect(makersOf(pair)[0]!.negative(contextOf(pair))).toEqual(own)
  })
})

describe('under any settings', () => {
  const accepted = (id: string) =>
    anySettingsOf(methodById(id)!, model).filter((settings) => settingsRefusal(settings, model) === null)
  const seeded = { numRuns: 60 }

  it.each(all)('%s refuses with a sentence that says what to do', (_, method) => {
    const poor: readonly ModelInfo[] = [
      model,
      { ...model, networks: model.networks.slice(0, 1), crops: [], embedding: null, layers: [] },
      {
        ...model,
        networks: model.networks.slice(0, 1),
        conditioning: { kind: 'class', labelDropout: false, classes: [] },
      },
    ]
    for (const other of poor) {
      expect(method.unavailable(other) ?? 'Use it.').toMatch(ADVICE)
    }
    fc.assert(
      fc.property(anySettingsOf(method, model), (settings) => {
        expect(method.refuses?.(settings, model) ?? 'Use it.').toMatch(ADVICE)
      }),
      seeded,
    )
  })

  it.each(all)('%s never throws where it does not refuse', (id, method) => {
    fc.assert(
      fc.property(accepted(id), (settings) => {
        expect(
          parametersOf(method, settings.parameters)
            .map(({ key }) => key)
            .sort(),
        ).toEqual(Object.keys(settings.parameters).sort())
        method.formula(settings.parameters)
        describePair(settings, model)
        networksOf(settings, model)
        const [maker] = makersOf(settings)
        for (const sigma of LEVELS) {
          const context = contextOf(settings, { sigma, sigmaNext: sigma / 2 })
          positiveAt(settings, model, context)
          maker?.negative(context)
          maker?.folded?.(context)
        }
      }),
      seeded,
    )
  })

  it.each(makers)('%s has no negative where it would equal the positive', (id, method) => {
    fc.assert(
      fc.property(accepted(id), (settings) => {
        for (const sigma of LEVELS) {
          const context = contextOf(settings, { sigma, sigmaNext: sigma / 2 })
          const negative = method.negative(context)
          const asked = negative && meaning(negative)
          expect(asked).not.toEqual(meaning(positiveAt(settings, model, context)))
        }
      }),
      { numRuns: 200 },
    )
  })

  it.each(makers)('what %s changes is said in words', (id) => {
    fc.assert(
      fc.property(accepted(id), (settings) => {
        const [negative] = negativesOf(settings)
        const rows = describePair(settings, model)
        const other = (folds(settings) ? foldedPrediction : negativePrediction)(negative!, model)
        const plain = meaning(positiveAt(settings, model, contextOf(settings)))
        const changed = other !== null && JSON.stringify(meaning(other)) !== JSON.stringify(plain)
        const silent = changed && rows.every(({ differs }) => !differs)
        expect(silent, JSON.stringify(rows)).toBe(false)
      }),
      seeded,
    )
  })

  it.each(makers)('the capabilities of %s are what it does', (id, method) => {
    fc.assert(
      fc.property(accepted(id), (settings) => {
        const predictions = LEVELS.flatMap((sigma) => method.negative(contextOf(settings, { sigma })) ?? [])
        const inputs = new Set(predictions.map(({ input }) => input.kind))
        if (inputs.has('degraded')) expect(readsMap(settings)).toBe(true)
        if (inputs.has('windows')) expect(makersOf(settings).some(({ crops }) => crops)).toBe(true)
        if (usesVision(settings, model)) expect(needsVision(settings)).toBe(true)
        const folded = (method.folded?.(contextOf(settings)) ?? null) !== null
        expect(folds(settings)).toBe(folded)
        if (drawnEachStep(settings) !== null) return
        const asked = [3, 4, 5].map((step) => method.negative(contextOf(settings, { step }))?.condition)
        expect(new Set(asked.map((condition) => JSON.stringify(condition))).size).toBe(1)
      }),
      { numRuns: 200 },
    )
  })

  const combiners = methods.flatMap((method) => (method.kind === 'combiner' ? [[method.id, method] as const] : []))
  it.each(combiners)('%s with scale 0 leaves the positive alone', (id, method) => {
    const settings = { ...defaultSettings(model, id), scale: 0 }
    const field = (...values: number[]) => Float32Array.from(values)
    const positive = field(0.5, -0.25, 0.125, 1)
    const { denoised } = method.combine({
      positive,
      negative: field(0.25, 0, -1, 0.5),
      x: field(1, 2, 3, 4),
      size: model.image,
      settings,
      acts: true,
      step: 5,
      level: 1,
      sigma: 1,
      sigmaNext: 0.5,
      memory: field(1, 1, 1, 1),
    })
    expect(denoised).toEqual(positive)
  })
})
