/** The lines `key: value` of a lesson (YAML), each read as what it must be; what is wrong is said with its line. */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml'
import { fewOf } from '../settings/limits'
import type { Say } from './types'

/** A value of a list, whose place in the text is known. */
export interface Item {
  readonly line: number
  text(): string | null
  number(): number | null
  /** Two numbers. */
  pair(): readonly [number, number] | null
  fields(): Fields | null
  items(): readonly Item[] | null
}

/** What stands under keys. A value that is missing or wrong is null; what is wrong was said. */
export interface Fields {
  readonly line: number
  has(key: string): boolean
  lineOf(key: string): number
  /** Says something of the value of a key. */
  say(key: string, message: string): void
  text(key: string): string | null
  number(key: string, range?: { readonly min?: number; readonly max?: number }): number | null
  pair(key: string): readonly [number, number] | null
  texts(key: string): readonly string[] | null
  items(key: string): readonly Item[] | null
  fields(key: string): Fields | null
  keys(): readonly string[]
  /** Says so of a key that is needed and missing. */
  needs(...keys: readonly string[]): void
  /** Says so of every other key: a typing error must not pass in silence. */
  only(...keys: readonly string[]): void
}

/** A value nested deeper is no part of a lesson. */
const DEPTH = 5

interface Source {
  readonly say: Say
  lineAt(node: unknown): number
}

function itemOf(node: unknown, what: string, source: Source): Item {
  const line = source.lineAt(node)
  const wrong = (must: string) => {
    source.say(line, `${what} must be ${must}.`)
    return null
  }
  const scalar = isScalar(node) ? node.value : undefined
  return {
    line,
    text: () => {
      if (typeof scalar === 'string' && scalar.trim() !== '') return tidy(scalar)
      if (typeof scalar === 'number' || typeof scalar === 'boolean') return String(scalar)
      return wrong('a text')
    },
    number: () => (typeof scalar === 'number' && Number.isFinite(scalar) ? scalar : wrong('a number')),
    pair: () => {
      const [first, second, ...more] = isSeq(node) ? node.items.map((each) => (isScalar(each) ? each.value : null)) : []
      if (typeof first === 'number' && typeof second === 'number' && more.length === 0) return [first, second]
      return wrong('two numbers, such as [0, 2]')
    },
    fields: () => (isMap(node) ? fieldsOfMap(node, source) : wrong('lines of the form “key: value”')),
    items: () => {
      if (isSeq(node)) return node.items.map((each, i) => itemOf(each, `Entry ${i + 1} of ${what}`, source))
      return wrong('a list such as [a, b]')
    },
  }
}

/** As Markdown and YAML keep it, whichever way it was typed. */
const tidy = (text: string) => text.replace(/\r\n?/g, '\n').trim()

function fieldsOfMap(map: YAMLMap, source: Source): Fields {
  const line = source.lineAt(map)
  const pairs = new Map(map.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', { key, value }]))
  const item = (key: string) => itemOf(pairs.get(key)?.value, `“${key}”`, source)
  const lineOf = (key: string) => {
    const pair = pairs.get(key)
    return pair ? source.lineAt(pair.key) : line
  }
  const when = <T>(key: string, read: (item: Item) => T | null): T | null => (pairs.has(key) ? read(item(key)) : null)
  const itemsOf = (key: string) => when(key, (value) => value.items())
  return {
    line,
    lineOf,
    has: (key) => pairs.has(key),
    say: (key, message) => source.say(lineOf(key), message),
    text: (key) => when(key, (value) => value.text()),
    number: (key, { min = -Infinity, max = Infinity } = {}) => {
      const number = when(key, (value) => value.number())
      if (number === null || (number >= min && number <= max)) return number
      const bounds = max === Infinity ? `at least ${min}` : `between ${min} and ${max}`
      source.say(lineOf(key), `“${key}” must be ${bounds}, not ${number}.`)
      return null
    },
    pair: (key) => when(key, (value) => value.pair()),
    texts: (key) => itemsOf(key)?.flatMap((each) => each.text() ?? []) ?? null,
    items: itemsOf,
    fields: (key) => when(key, (value) => value.fields()),
    keys: () => [...pairs.keys()],
    needs: (...keys) => {
      for (const key of keys) if (!pairs.has(key)) source.say(line, `“${key}:” is missing here.`)
    },
    only: (...keys) => {
      for (const key of pairs.keys()) {
        if (!keys.includes(key)) source.say(lineOf(key), `There is no “${key}:” here. There are: ${keys.join(', ')}.`)
      }
    },
  }
}

/** Whether a value is nested no deeper than a lesson's are, and refers to no other. */
function isPlain(node: unknown, say: (node: unknown, message: string) => void, depth = 1): boolean {
  if (depth > DEPTH) {
    say(node, `This is nested deeper than anything in a lesson (${DEPTH}).`)
    return false
  }
  if (isAlias(node) || (isNode(node) && 'anchor' in node && node.anchor !== undefined)) {
    say(node, 'Anchors and aliases (& and *) are not read here. Put quotes around a text that begins with one.')
    return false
  }
  if (isSeq(node)) return node.items.every((each) => isPlain(each, say, depth + 1))
  if (isMap(node))
    return node.items.every(({ key, value }) => [key, value].every((each) => isPlain(each, say, depth + 1)))
  return true
}

const firstLine = (message: string) => message.split('\n')[0]!.replace(/ at line \d+.*$/, '')

/** The fields of a block whose first line of content is `from`; null where it can't be read at all, which was said. */
export function fieldsOf(text: string, from: number, say: Say): Fields | null {
  const lines = new LineCounter()
  const lineAt = (offset: number) => from + Math.max(0, lines.linePos(offset).line - 1)
  let document
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
  } catch {
    say(from, 'This block can’t be read: it is nested too deep.')
    return null
  }
  const faults = new Map(
    [...document.errors, ...document.warnings].map(({ pos, message }) => [lineAt(pos[0]), message]),
  )
  for (const [line, message] of [...faults].slice(0, 3)) {
    say(line, `${fewOf([firstLine(message)])[0]}. Put quotes around a text that holds a colon or begins with a sign.`)
  }
  if (faults.size > 0) return null
  const source: Source = {
    say,
    lineAt: (node) => (isNode(node) && node.range ? lineAt(node.range[0]) : from),
  }
  const contents: Node | null = document.contents
  if (!isMap(contents)) {
    say(from, 'Here belong lines of the form “key: value”.')
    return null
  }
  return isPlain(contents, (node, message) => say(source.lineAt(node), message)) ? fieldsOfMap(contents, source) : null
}
