import type { About } from '../about'

export const about: About = {
  title: 'Lessons',
  what: 'Predict, then look; find, and say why. Ten lessons that tell the article, or your own.',
  place: 10,
}
