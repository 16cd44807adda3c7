import type { About } from '../about'

export const about: About = {
  title: 'The article',
  what: 'The overview that this page follows, in figures measured here.',
  place: 20,
}
