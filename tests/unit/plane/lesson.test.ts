/** The plane's lesson is true: its goals are met by its solutions, on the points that a person sees, and not before. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { holds, parseCondition, parseLesson } from '../../../src/lesson'
import { runCloud } from '../../../src/plane/cloud'
import { measure } from '../../../src/plane/measures'
import { openPlane } from '../../../src/plane/plane'
import { decodeLink, withoutRoom } from '../../../src/settings'
import { planeFacts } from '../../../src/ui/rooms/plane/facts'
import mixtureFile from '../../../models/plane/mixture.json'
import networksFile from '../../../models/plane/networks.json'
import weightsFile from '../../../models/plane/weights.json'

const { mixture, truth, model, denoiser } = openPlane(mixtureFile, networksFile, weightsFile)
const parsed = parseLesson(readFileSync('public/lessons/the-plane.md', 'utf8'))
const steps = parsed.ok ? parsed.lesson.steps : []

async function factsAt(address: string) {
  const { settings, problems, notes } = decodeLink(withoutRoom(`#${address}`), model)
  expect({ problems, notes }).toEqual({ problems: [], notes: [] })
  const cloud = await runCloud({ denoiser, settings, alone: ['positive'] })
  const of = (which: 'guided' | 'positive') => measure(cloud.paths[which]!.at(-1)!, settings.class, mixture, truth)
  const measures = { guided: of('guided'), positive: of('positive'), negative: null }
  return planeFacts({ ...cloud, milliseconds: 0, settings, measures }, true)
}

it('has steps that open without a note', () => {
  expect(steps.length).toBeGreaterThan(4)
  for (const { place } of steps)
    expect(decodeLink(withoutRoom(`#${place.preset}`), model)).toMatchObject({ problems: [], notes: [] })
})

const finds = steps.flatMap(({ title, place, task }) => (task.kind === 'find' ? [{ title, place, task }] : []))

it.each(finds)('$title: nothing is found before anything was done', async ({ place, task }) => {
  const facts = await factsAt(String(place.preset))
  for (const { when } of task.goals) {
    const condition = parseCondition(when)
    expect(condition.ok && holds(condition.condition, facts), when).toBe(false)
  }
})

it.each(finds)('$title: what is to be found can be found', async ({ place, task }) => {
  const known = new Map<string, ReturnType<typeof factsAt>>()
  for (const [i, { when }] of task.goals.entries()) {
    const address = `${place.preset}&${task.solution[i]}`
    const facts = known.get(address) ?? factsAt(address)
    known.set(address, facts)
    const condition = parseCondition(when)
    expect(condition.ok && holds(condition.condition, await facts), address).toBe(true)
  }
})
