/** A lesson from its Markdown: front matter, a step for each `##`, fenced blocks in it, and the teacher's page at the end. */
import type { Code, Heading, Root, RootContent } from 'mdast'
import { blockLike, taskFormat } from './blocks'
import { fieldsOf, type Fields } from './fields'
import { bodyFrom, inspect, isClosed, isTooDeep, lineOf, markdownOf } from './markdown'
import { readPlace } from './place'
import { ANYWHERE, type Lesson, LEVELS, type Mistake, type ParsedLesson, type Say, type Step, type Task } from './types'

/** Characters of a lesson's text: ten times one of an hour. */
export const LESSON_CHARACTERS = 100_000
const MOST_STEPS = 60
/** Of lines that follow each other: Markdown readers take a time that grows with the square of it. */
const PARAGRAPH_CHARACTERS = 4_000
const LOOK: Task = { kind: 'look' }

interface Reading {
  readonly source: string
  readonly say: Say
}

/** The title of the teacher's page, which alone has one `#`. */
export const TEACHER = 'For the teacher'

type Head = Omit<Lesson, 'steps' | 'teacher'>

function readHead(fields: Fields): Head | null {
  fields.needs('title', 'minutes', 'level', 'needs')
  fields.only('title', 'minutes', 'level', 'needs', 'section')
  const title = fields.text('title')
  const minutes = fields.number('minutes', { min: 1, max: 240 })
  const named = fields.text('level')
  const level = LEVELS.find((each) => each === named)
  if (named !== null && level === undefined)
    fields.say('level', `“level” is one of ${LEVELS.join(', ')}, not “${named}”.`)
  const needs = fields.text('needs')
  if (needs !== null && !/^[\w-]+$/.test(needs))
    fields.say('needs', '“needs” is the id of a family of networks, such as avatars, or plane.')
  const section = fields.number('section', { min: 1, max: 20 })
  if (title === null || minutes === null || level === undefined || needs === null) return null
  return { title: title.replace(/\s+/g, ' '), minutes, level, needs, section }
}

/** The front matter, and what comes after it. */
function headOf({ children }: Root, { say }: Reading): readonly [Head | null, readonly RootContent[]] {
  const [first, ...rest] = children
  if (first?.type !== 'yaml') {
    say(1, 'A lesson begins with lines between “---” and “---” that tell its title, minutes, level and needs.')
    return [null, children]
  }
  const fields = fieldsOf(first.value, 2, say)
  return [fields && readHead(fields), rest]
}

const isHeading = (node: RootContent, depth: number): node is Heading => node.type === 'heading' && node.depth === depth

/** A heading's words, as they are written. */
function wordsOf({ children }: Heading, source: string): string {
  const [from, to] = [children[0]?.position?.start.offset, children.at(-1)?.position?.end.offset]
  return source
    .slice(from ?? 0, to ?? 0)
    .replace(/\s+/g, ' ')
    .trim()
}

/** Nodes from one heading to the next. */
interface Section {
  readonly heading: Heading
  readonly nodes: RootContent[]
}

function sectionsOf(nodes: readonly RootContent[], { say }: Reading): readonly Section[] {
  const sections: Section[] = []
  for (const node of nodes) {
    if (isHeading(node, 1) || isHeading(node, 2)) sections.push({ heading: node, nodes: [] })
    else if (sections.length > 0) sections.at(-1)!.nodes.push(node)
    else say(lineOf(node), 'This stands before the first step: a step begins with a heading, ## and a title.')
  }
  return sections
}

/** The name of a block of ours, or null for a piece of code that is to be shown. */
const blockName = ({ lang }: Code) => (lang === 'step' || taskFormat(lang ?? '') ? lang! : null)

/** The fields of a fenced block, the first line of which is after its fence. */
const fieldsIn = (node: Code, say: Say) => fieldsOf(node.value, lineOf(node) + 1, say)

/** A block of ours that is misspelt would be shown as a piece of code. */
function sayMisspelt(node: Code, say: Say): void {
  const meant = blockLike(node.lang ?? '')
  if (meant !== null) say(lineOf(node), `There is no block “${node.lang}”. Perhaps “${meant}” is meant.`)
}

function readStep({ heading, nodes }: Section, { source, say }: Reading): Step {
  const title = wordsOf(heading, source)
  if (title === '') say(lineOf(heading), 'A step needs a title: ## and some words.')
  const text: RootContent[] = []
  const seen: string[] = []
  let place = ANYWHERE
  let task = LOOK
  for (const node of nodes) {
    if (!isClosed(node, source))
      say(lineOf(node), 'This block is never closed: its last line must be the same sign again.')
    const name = node.type === 'code' ? blockName(node) : null
    if (node.type !== 'code' || name === null) {
      if (node.type === 'code') sayMisspelt(node, say)
      text.push(node)
      continue
    }
    const fields = fieldsIn(node, say)
    if (name === 'step') {
      if (seen.length > 0 || text.length > 0) say(lineOf(node), 'The block “step” comes first in a step, and once.')
      if (fields) place = readPlace(fields)
    } else {
      if (seen.some((each) => each !== 'step'))
        say(
          lineOf(node),
          `A step has one thing to do, and this is a second: begin another step with ## before “${name}”.`,
        )
      task = (fields && taskFormat(name)?.read(fields)) ?? LOOK
    }
    seen.push(name)
  }
  return { title, place, task, body: bodyFrom(text, source) }
}

/** Blocks of ours that stand where none is read. */
function sayHidden(nodes: readonly RootContent[], say: Say, inside: boolean): void {
  for (const node of nodes) {
    if (node.type === 'code' && inside && blockName(node) !== null)
      say(lineOf(node), `A block “${node.lang}” is not read in a list, a quote or the teacher’s page.`)
    if (node.type === 'list' || node.type === 'listItem' || node.type === 'blockquote')
      sayHidden(node.children, say, true)
  }
}

function readSections(sections: readonly Section[], reading: Reading): Pick<Lesson, 'steps' | 'teacher'> {
  const { say, source } = reading
  const steps: Step[] = []
  let teacher: Lesson['teacher'] = null
  for (const section of sections) {
    const { heading, nodes } = section
    if (heading.depth === 2 && teacher === null) steps.push(readStep(section, reading))
    else if (heading.depth === 2)
      say(lineOf(heading), 'The teacher’s page is the last: use ### for headings within it.')
    else if (wordsOf(heading, source) !== TEACHER)
      say(lineOf(heading), `One # begins only the page “# ${TEACHER}”; a step begins with ##.`)
    else if (teacher !== null) say(lineOf(heading), `“# ${TEACHER}” is there once.`)
    else {
      sayHidden(nodes, say, true)
      teacher = bodyFrom(nodes, source)
    }
  }
  return { steps, teacher }
}

function mistakesOf(mistakes: readonly Mistake[]): ParsedLesson {
  return { ok: false, mistakes: [...mistakes].sort((a, b) => a.line - b.line) }
}

/** Reads a lesson; all that is wrong with it is told, each with its line. */
export function parseLesson(written: string): ParsedLesson {
  const source = written.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const mistakes: Mistake[] = []
  const said = new Set<string>()
  const say: Say = (line, message) => {
    const key = `${line} ${message}`
    if (!said.has(key)) mistakes.push({ line, message })
    said.add(key)
  }
  if (source.length > LESSON_CHARACTERS) {
    say(1, `A lesson has at most ${LESSON_CHARACTERS.toLocaleString('en-US')} characters, and this text has more.`)
    return mistakesOf(mistakes)
  }
  const long = source.split(/\n[ \t]*\n/).find(({ length }) => length > PARAGRAPH_CHARACTERS)
  if (long !== undefined) {
    const line = source.slice(0, source.indexOf(long)).split('\n').length
    say(
      line,
      `From here there are more than ${PARAGRAPH_CHARACTERS} characters without an empty line: begin a new paragraph.`,
    )
    return mistakesOf(mistakes)
  }
  const root = markdownOf(source, true)
  inspect(root, say)
  // What is nested without end is not read on.
  if (isTooDeep(root)) return mistakesOf(mistakes)
  const reading = { source, say }
  const [head, nodes] = headOf(root, reading)
  sayHidden(nodes, say, false)
  const { steps, teacher } = readSections(sectionsOf(nodes, reading), reading)
  if (steps.length === 0) say(1, 'There is no step yet: a step begins with a heading, ## and a title.')
  if (steps.length > MOST_STEPS) say(1, `A lesson has at most ${MOST_STEPS} steps.`)
  return head === null || mistakes.length > 0 ? mistakesOf(mistakes) : { ok: true, lesson: { ...head, steps, teacher } }
}
