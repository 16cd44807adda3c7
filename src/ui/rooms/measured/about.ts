import type { About } from '../about'

export const about: About = {
  title: 'All methods, measured',
  what: 'What each method gains and where it harms, in one table.',
  place: 40,
}
