/** A lesson as the Markdown that `parse.ts` reads. */
import { Document, isCollection, isMap, isSeq, visit } from 'yaml'
import { writtenTask } from './blocks'
import { TEACHER } from './parse'
import { writtenPlace } from './place'
import type { Lesson, Step } from './types'

/** Whether a value goes on one line, as a person writes it: a short one without a list of several things to say. */
const isShort = (value: unknown) =>
  isCollection(value) && !(isSeq(value) && value.items.some(isMap)) && JSON.stringify(value).length < 90

function yaml(fields: Readonly<Record<string, unknown>>): string {
  const document = new Document(fields)
  visit(document.contents, {
    Pair: (_, { value }) => {
      if (isCollection(value)) value.flow = isShort(value)
    },
    Seq: (_, list) => {
      if (isShort(list)) list.flow = true
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd()
}

/** A fence that is longer than any in the text. */
function fenced(name: string, fields: Readonly<Record<string, unknown>>): string {
  const text = yaml(fields)
  const longest = Math.max(2, ...(text.match(/~+/g) ?? []).map(({ length }) => length))
  const fence = '~'.repeat(longest + 1)
  return `${fence}${name}\n${text}\n${fence}`
}

/** Number signs at the end would be taken for the end of the heading. */
const heading = (title: string) =>
  title
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/(^|\s)(#+)$/, '$1\\$2')

function stepText({ title, place, body, task }: Step): string {
  const where = writtenPlace(place)
  const todo = writtenTask(task)
  return [
    `## ${heading(title)}${where === null ? '' : `\n${fenced('step', where)}`}`,
    ...(body.text === '' ? [] : [body.text]),
    ...(todo === null ? [] : [fenced(...todo)]),
  ].join('\n\n')
}

export function lessonText({ title, minutes, level, needs, section, steps, teacher }: Lesson): string {
  const head = yaml({ title, minutes, level, needs, ...(section === null ? {} : { section }) })
  const pages = [...steps.map(stepText), ...(teacher === null ? [] : [`# ${TEACHER}\n\n${teacher.text}`.trimEnd()])]
  return `---\n${head}\n---\n\n${pages.join('\n\n')}\n`
}
