// `npm run registries` writes `public/lessons/index.json` by this: which lessons there are, in their order, with what a list says of them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lessonId, parseLesson } from '../lesson'
import type { ListedLesson } from '../lesson/listed'

const FOLDER = join(import.meta.dirname, '..', '..', 'public', 'lessons')

/** What a list says of a lesson. Throws where it can't be read. */
function listed(name: string): ListedLesson {
  const parsed = parseLesson(readFileSync(join(FOLDER, `${name}.md`), 'utf8'))
  if (!parsed.ok)
    throw new Error(
      parsed.mistakes.map(({ line, message }) => `public/lessons/${name}.md:${line}: ${message}`).join('\n'),
    )
  const { title, minutes, level, needs, section, steps } = parsed.lesson
  const asked = steps.filter(({ task }) => task.kind !== 'look').length
  return { name, id: lessonId(parsed.lesson), title, minutes, level, needs, section, asked }
}

/** Those without a section come first, then by the article's sections. */
const order = (a: ListedLesson, b: ListedLesson) =>
  (a.section ?? 0) - (b.section ?? 0) || a.minutes - b.minutes || (a.name < b.name ? -1 : 1)

export function lessonsText(): string {
  const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.md') ? [file.slice(0, -3)] : []))
  return `${JSON.stringify(names.map(listed).sort(order), null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(FOLDER, 'index.json'), lessonsText())
