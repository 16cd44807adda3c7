/**
 * Conditions over facts, such as `distance.guided < distance.positive and scale > 0`: a small language of its own, parsed and never
 * handed to the browser to run. Of two kinds of value, numbers and texts, and of truth.
 */
import { tokensOf, type Token } from './tokens'

/** What is known at a moment, by name. */
export type Facts = Readonly<Record<string, number | string>>

type Arithmetic = '+' | '-' | '*' | '/'
type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!='

type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'fact'; readonly name: string }
  | { readonly kind: 'negated'; readonly of: Value }
  | { readonly kind: 'arithmetic'; readonly by: Arithmetic; readonly left: Value; readonly right: Value }

export type Condition =
  /** Each value stands to the next as it says: `0 < scale <= 2`. */
  | {
      readonly kind: 'compared'
      readonly first: Value
      readonly rest: readonly { readonly by: Comparison; readonly to: Value }[]
    }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }

export type ParsedCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly message: string }

const LONGEST = 500
const DEEPEST = 40

class Wrong extends Error {}

type Expression = Value | Condition
const TRUTHS: readonly string[] = ['compared', 'not', 'all', 'any'] satisfies readonly Condition['kind'][]
const isTruth = (expression: Expression): expression is Condition => TRUTHS.includes(expression.kind)

function value(expression: Expression): Value {
  if (!isTruth(expression)) return expression
  throw new Wrong('a comparison stands where a number or a text belongs')
}

function truth(expression: Expression): Condition {
  if (isTruth(expression)) return expression
  throw new Wrong('something must be compared here, such as scale > 1')
}

/** A number where the operator wants one: texts can be equal or not, and nothing else. */
function numeric(expression: Expression, by: string): Value {
  const one = value(expression)
  if (one.kind === 'text') throw new Wrong(`“${by}” goes between numbers, and "${one.value}" is a text`)
  return one
}

/** The tokens, of which the first is the next to be read. */
function createReader(tokens: readonly Token[]) {
  let at = 0
  let depth = 0
  return {
    /** Takes the next token where it is one of these signs or words. */
    take: <T extends string>(...wanted: readonly T[]): T | null => {
      const token = tokens[at]
      const found = token?.kind === 'sign' ? wanted.find((sign) => sign === token.text) : undefined
      if (found !== undefined) at++
      return found ?? null
    },
    next: (): Token | null => tokens[at++] ?? null,
    rest: (): Token | null => tokens[at] ?? null,
    deeper: <T>(read: () => T): T => {
      if (++depth > DEEPEST) throw new Wrong(`it is nested more than ${DEEPEST} deep`)
      const result = read()
      depth--
      return result
    },
  }
}

type Reader = ReturnType<typeof createReader>

function readPrimary(reader: Reader): Expression {
  if (reader.take('(')) {
    const inside = reader.deeper(() => readAny(reader))
    if (!reader.take(')')) throw new Wrong('a bracket is not closed')
    return inside
  }
  const token = reader.next()
  if (token === null) throw new Wrong('it ends too early')
  switch (token.kind) {
    case 'number':
      return { kind: 'number', value: token.value }
    case 'text':
      return { kind: 'text', value: token.text }
    case 'name':
      return { kind: 'fact', name: token.text }
    case 'sign':
      throw new Wrong(`“${token.text}” has nothing before it, or nothing behind`)
    default:
      return token satisfies never
  }
}

function readUnary(reader: Reader): Expression {
  if (!reader.take('-')) return readPrimary(reader)
  return {
    kind: 'negated',
    of: numeric(
      reader.deeper(() => readUnary(reader)),
      '-',
    ),
  }
}

/** Operands and the signs between them, from left to right. */
function readArithmetic(
  reader: Reader,
  signs: readonly Arithmetic[],
  operand: (reader: Reader) => Expression,
): Expression {
  let left = operand(reader)
  for (let by = reader.take(...signs); by !== null; by = reader.take(...signs))
    left = { kind: 'arithmetic', by, left: numeric(left, by), right: numeric(operand(reader), by) }
  return left
}

const readProduct = (reader: Reader) => readArithmetic(reader, ['*', '/'], readUnary)
const readSum = (reader: Reader) => readArithmetic(reader, ['+', '-'], readProduct)

function readComparison(reader: Reader): Expression {
  const first = readSum(reader)
  const rest: { by: Comparison; to: Value }[] = []
  const sign = () => reader.take('<=', '>=', '!=', '<', '>', '=')
  for (let by = sign(); by !== null; by = sign()) {
    const ordered = by !== '=' && by !== '!='
    const to = readSum(reader)
    if (ordered) numeric(rest.at(-1)?.to ?? first, by)
    rest.push({ by, to: ordered ? numeric(to, by) : value(to) })
  }
  return rest.length === 0 ? first : { kind: 'compared', first: value(first), rest }
}

function readNot(reader: Reader): Expression {
  if (!reader.take('not')) return readComparison(reader)
  return { kind: 'not', of: truth(reader.deeper(() => readNot(reader))) }
}

function readJoined(
  reader: Reader,
  word: string,
  kind: 'all' | 'any',
  part: (reader: Reader) => Expression,
): Expression {
  const first = part(reader)
  if (!reader.take(word)) return first
  const of = [truth(first)]
  do of.push(truth(part(reader)))
  while (reader.take(word))
  return { kind, of }
}

const readAll = (reader: Reader) => readJoined(reader, 'and', 'all', readNot)
const readAny = (reader: Reader): Expression => readJoined(reader, 'or', 'any', readAll)

/** Reads a condition; where it can't be read, `message` completes “… can’t be read: ”. */
export function parseCondition(text: string): ParsedCondition {
  if (text.length > LONGEST) return { ok: false, message: `it is longer than ${LONGEST} characters` }
  const tokens = tokensOf(text)
  if (typeof tokens === 'string') return { ok: false, message: tokens }
  const reader = createReader(tokens)
  try {
    const read = readAny(reader)
    const rest = reader.rest()
    if (rest !== null) throw new Wrong(`“${rest.text}” does not follow from what is before it`)
    return { ok: true, condition: truth(read) }
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, message: error.message }
    throw error
  }
}

/** The names of facts that it asks for, each once, in their order. */
export function factsOf(condition: Condition): readonly string[] {
  const names = (one: Expression): readonly string[] => {
    switch (one.kind) {
      case 'number':
      case 'text':
        return []
      case 'fact':
        return [one.name]
      case 'negated':
      case 'not':
        return names(one.of)
      case 'arithmetic':
        return [...names(one.left), ...names(one.right)]
      case 'compared':
        return [...names(one.first), ...one.rest.flatMap(({ to }) => names(to))]
      case 'all':
      case 'any':
        return one.of.flatMap(names)
      default:
        return one satisfies never
    }
  }
  return [...new Set(names(condition))]
}

/** Null where a fact is not known yet, or no number. */
function valueOf(one: Value, facts: Facts): number | string | null {
  switch (one.kind) {
    case 'number':
    case 'text':
      return one.value
    case 'fact':
      return Object.hasOwn(facts, one.name) ? (facts[one.name] ?? null) : null
    case 'negated': {
      const of = valueOf(one.of, facts)
      return typeof of === 'number' ? -of : null
    }
    case 'arithmetic': {
      const [left, right] = [valueOf(one.left, facts), valueOf(one.right, facts)]
      return typeof left === 'number' && typeof right === 'number' ? calculated(one.by, left, right) : null
    }
    default:
      return one satisfies never
  }
}

function calculated(by: Arithmetic, left: number, right: number): number {
  switch (by) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    default:
      return by satisfies never
  }
}

function compared(by: Comparison, left: number | string | null, right: number | string | null): boolean | null {
  if (left === null || right === null) return null
  if (by === '=') return left === right
  if (by === '!=') return left !== right
  if (typeof left !== 'number' || typeof right !== 'number') return null
  switch (by) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    default:
      return by satisfies never
  }
}

/** All of them: false if one is, and else unknown if one is. */
function all(truths: readonly (boolean | null)[]): boolean | null {
  if (truths.includes(false)) return false
  return truths.includes(null) ? null : true
}

const opposite = (one: boolean | null) => (one === null ? null : !one)

/** Whether it holds; null while a fact that decides it is not known. */
export function holds(condition: Condition, facts: Facts): boolean | null {
  switch (condition.kind) {
    case 'compared': {
      const values = [condition.first, ...condition.rest.map(({ to }) => to)].map((one) => valueOf(one, facts))
      return all(condition.rest.map(({ by }, i) => compared(by, values[i]!, values[i + 1]!)))
    }
    case 'not':
      return opposite(holds(condition.of, facts))
    case 'all':
      return all(condition.of.map((one) => holds(one, facts)))
    case 'any':
      return opposite(all(condition.of.map((one) => opposite(holds(one, facts)))))
    default:
      return condition satisfies never
  }
}
