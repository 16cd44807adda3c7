/** What a score means, in words. Pure. */
import type { Side } from './pairs'
import { chanceOfAtLeast, chanceOfDifference, intervalOf } from './chance'

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

const spelled = (value: number) => NUMBERS[value] ?? value.toLocaleString('en')

/** A chance as people say it: `one time in six`, or `62 times in 100` where it is not rare. */
export function odds(chance: number): string {
  if (chance >= 0.995) return 'nearly always'
  if (chance > 0.3) return `${Math.round(100 * chance)} times in 100`
  return `one time in ${spelled(Math.round(1 / chance))}`
}

const percent = (share: number) => `${Math.round(100 * share)} %`

/** Below this, guessing is no good explanation. */
const RARE = 0.05

/** Whether the eye told anything, by how often guessing does as well. */
export function meaning(score: number, count: number): string {
  const lucky = chanceOfAtLeast(score, count)
  if (2 * score <= count) {
    const unlucky = chanceOfAtLeast(count - score, count)
    return unlucky < RARE
      ? `Guessing finds so few only ${odds(unlucky)}: you did see a difference, and took the network’s pictures for the renders.`
      : `A coin does as well: guessing finds ${score} or more ${odds(lucky)}.`
  }
  const given = `Guessing finds ${score} or more ${odds(lucky)}`
  return lucky < RARE
    ? `${given}: you can tell them apart.`
    : `${given}: that does not yet show that you can tell them apart.`
}

/** Whether a choice was right, and what was. */
export function verdict(answer: Side, render: Side): string {
  return `${answer === render ? 'Found' : 'Fooled'}: the ${render} one is the render.`
}

/** How far ten answers know a person's eye. */
export function interval(score: number, count: number): string {
  const [low, high] = intervalOf(score, count)
  return `Over many such pairs you would find between ${percent(low)} and ${percent(high)} of the renders (95 % interval).`
}

/** Whether guidance made them harder to tell, of both scores. */
export function comparison(guided: number, unguided: number, count: number): string {
  const more = unguided - guided
  const chance = chanceOfDifference(guided, unguided, count)
  const seen =
    more === 0
      ? 'You found as many with guidance as without: only many games could tell whether it made a difference.'
      : `With guidance you found ${spelled(Math.abs(more))} ${more > 0 ? 'fewer' : 'more'}.`
  const weight =
    chance < RARE
      ? `So great a difference comes by chance only ${odds(chance)}.`
      : `A difference of this size or more comes by chance ${odds(chance)}: only many games could tell.`
  return more === 0 ? seen : `${seen} ${weight} And by the second round you had practice.`
}

/** How long a picture takes, as a person waits for it. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  return seconds < 1 ? 'less than a second' : `about ${Math.round(seconds)} s`
}
