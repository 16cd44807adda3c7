/** The lessons that come with the page: each is read without a mistake, leads where its presets say, and tells its teacher what to expect. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { families, readModel } from '../../../src/cli/models'
import { holds, lessonText, parseCondition, parseLesson, type Facts, type Lesson } from '../../../src/lesson'
import { decodeLink, linkModel } from '../../../src/settings'
import { settingFacts } from '../../../src/ui/lesson/play-facts'

const folder = join(import.meta.dirname, '../../../public/lessons')
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.md') ? [file.slice(0, -3)] : []))

function lessonNamed(name: string): Lesson {
  const parsed = parseLesson(readFileSync(join(folder, `${name}.md`), 'utf8'))
  if (!parsed.ok)
    throw new Error(parsed.mistakes.map(({ line, message }) => `${name}.md:${line}: ${message}`).join('\n'))
  return parsed.lesson
}

/** Presets of the steps, and what the solutions of a step make of its preset. */
function addressesOf({ steps }: Lesson): readonly string[] {
  return steps.flatMap(({ place: { preset }, task }) => {
    const base = preset ?? ''
    return [base, ...(task.kind === 'find' ? task.solution.map((part) => `${base}&${part}`) : [])]
  })
}

const lessons = names.map((name) => ({ name, lesson: lessonNamed(name) }))
const article = lessons.filter(({ lesson }) => lesson.section !== null)

describe.each(lessons)('lesson $name', ({ lesson }) => {
  test('is written again as it was read', () => {
    expect(parseLesson(lessonText(lesson))).toEqual({ ok: true, lesson })
  })

  test('says where each step stands, without a note on what was not understood', () => {
    for (const address of addressesOf(lesson)) {
      if (/(?:^|&)room=/.test(address)) continue
      const id = linkModel(address, families())
      const { problems, notes } = decodeLink(address, readModel(id))
      expect({ address, problems, notes }).toEqual({ address, problems: [], notes: [] })
      expect(id).toBe(lesson.needs)
    }
  })
})

/** What is known of a step's pictures before any was drawn: at scale 0 the guided one is the positive. */
function factsAtFirst(preset: string): Facts {
  const facts = settingFacts(decodeLink(preset, readModel(linkModel(preset, families()))).settings)
  return facts.terms === 0 ? { ...facts, change: 0 } : facts
}

/** The plane's are measured in its own test. */
const withPictures = lessons.filter(({ lesson }) => lesson.needs !== 'plane')

test.each(withPictures)('lesson $name: no goal is met where its step begins, whatever its pictures', ({ lesson }) => {
  for (const { title, place, task } of lesson.steps) {
    if (task.kind !== 'find') continue
    for (const { when } of task.goals) {
      const parsed = parseCondition(when)
      const truth = parsed.ok ? holds(parsed.condition, factsAtFirst(place.preset ?? '')) : null
      expect({ title, when, truth }).toEqual({ title, when, truth: false })
    }
  }
})

describe.each(article)('lesson $name on the article', ({ name, lesson }) => {
  test('can be opened at any step', () => {
    expect(lesson.steps.filter(({ place }) => place.preset === null)).toEqual([])
  })

  test('has a solution for what is to be found, and a page for the teacher', () => {
    for (const { task } of lesson.steps) if (task.kind === 'find') expect(task.solution).not.toEqual([])
    expect(lesson.teacher?.text).toContain('**Aim.**')
    // A table would be shown as its signs.
    expect(readFileSync(join(folder, `${name}.md`), 'utf8')).not.toMatch(/^\|/m)
  })
})

test('the article’s ten sections have a lesson each, of ten to twenty minutes', () => {
  const sections = article.map(({ lesson }) => Number(lesson.section))
  expect(sections.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  for (const { lesson } of article) expect(lesson.minutes >= 10 && lesson.minutes <= 20).toBe(true)
})
