/** The published JSON Schema of preset files, for people who write them by hand: editors complete and check by it. */
// `then` is JSON Schema's word.
/* oxlint-disable unicorn/no-thenable */
import { methods, negatives } from '../guidance'
import type { GuidanceMethod, Parameter } from '../guidance/types'
import { defaultFamily } from '../model/families'
import type { ModelInfo } from '../model/types'
import { solvers } from '../sampling/solver-registry'
import type { JsonSchema } from './json-schema'
import { rulesOf } from './kinds'
import { OWN, OWN_KEYS, OWN_RULES, STACK, TERM, TERM_KEYS, TERM_RULES } from './table'

type Properties = Record<string, JsonSchema>

const described = (description: string, schema: JsonSchema): JsonSchema => ({ description, ...schema })

/** Of every model: a choice that only some of them have is one of theirs, and which is said for each. */
function anyOf(models: readonly ModelInfo[], schema: (model: ModelInfo) => JsonSchema): JsonSchema {
  const found = new Map(models.map((model) => [JSON.stringify(schema(model)), schema(model)]))
  const [only, ...others] = found.values()
  return only && others.length === 0 ? only : { anyOf: [...found.values()] }
}

const parameterSchema = (parameter: Parameter, models: readonly ModelInfo[]) =>
  described(
    parameter.help,
    anyOf(models, (model) => rulesOf(parameter).schema(model)),
  )

function parameterProperties(parameters: readonly Parameter[], models: readonly ModelInfo[]): Properties {
  return Object.fromEntries(parameters.map((parameter) => [parameter.key, parameterSchema(parameter, models)]))
}

function termProperties(models: readonly ModelInfo[]): Properties {
  return Object.fromEntries(
    TERM_KEYS.map((key) => [
      key,
      described(
        TERM[key].help,
        anyOf(models, (model) => TERM_RULES[key].schema(model)),
      ),
    ]),
  )
}

const defined = (id: string): JsonSchema => ({ $ref: `#/$defs/${encodeURIComponent(id)}` })

/** Methods whose keys this one may have: its own, and where it borrows those of its lenders and of any negative that it is put over. */
function lendersOf(method: GuidanceMethod): readonly string[] {
  if (!method.borrows) return [method.id]
  return [...new Set([method.id, ...method.borrows({}), ...negatives.map(({ id }) => id)])]
}

/** Under this method, the keys that it may have. */
const whenMethod = (method: GuidanceMethod, standard: boolean): JsonSchema => ({
  if: { properties: { method: { const: method.id } }, ...(!standard && { required: ['method'] }) },
  then: { allOf: lendersOf(method).map(defined) },
})

const whenSolver = ({ id, parameters }: (typeof solvers)[number], models: readonly ModelInfo[]): JsonSchema => ({
  if: { properties: { solver: { const: id } }, ...(id !== OWN.solver.default && { required: ['solver'] }) },
  then: { properties: parameterProperties(parameters, models) },
})

/** Under this model, what only its family has. */
const whenModel = (model: ModelInfo, standard: boolean): JsonSchema => ({
  if: { properties: { model: { const: model.id } }, ...(!standard && { required: ['model'] }) },
  then: {
    properties: {
      ...Object.fromEntries(OWN_KEYS.map((key) => [key, OWN_RULES[key].schema(model)])),
      ...Object.fromEntries(TERM_KEYS.map((key) => [key, TERM_RULES[key].schema(model)])),
    },
  },
})

/** `standard`: the id of the method where a preset names none. */
export function presetSchema(models: readonly ModelInfo[], standard: string): JsonSchema {
  const method = (among: readonly GuidanceMethod[]): JsonSchema => ({
    description: among.map(({ id, title }) => `${id}: ${title}`).join('\n'),
    enum: among.map(({ id }) => id),
  })
  const stacked: JsonSchema = {
    type: 'object',
    properties: { method: method(negatives), ...termProperties(models) },
    required: ['method'],
    allOf: negatives.map((one) => whenMethod(one, false)),
    unevaluatedProperties: false,
  }
  const first = defaultFamily(models).id
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Preset of the guidance playground',
    description: 'Everything that determines the images. Every key is optional.',
    type: 'object',
    properties: {
      $schema: described('Address of this schema, for editors.', { type: 'string' }),
      model: described('A model family.', { enum: models.map(({ id }) => id) }),
      method: method(methods),
      ...Object.fromEntries(
        OWN_KEYS.map((key) => [
          key,
          described(
            OWN[key].help,
            anyOf(models, (model) => OWN_RULES[key].schema(model)),
          ),
        ]),
      ),
      ...termProperties(models),
      stack: described(STACK.help, { type: 'array', maxItems: STACK.max, items: stacked }),
    },
    allOf: [
      ...models.map((model) => whenModel(model, model.id === first)),
      ...methods.map((one) => whenMethod(one, one.id === standard)),
      ...solvers.map((solver) => whenSolver(solver, models)),
    ],
    unevaluatedProperties: false,
    $defs: Object.fromEntries(
      methods.map(({ id, parameters }) => [id, { properties: parameterProperties(parameters, models) }]),
    ),
  }
}
