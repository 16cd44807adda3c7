import type { About } from '../about'

export const about: About = {
  title: 'The plane',
  what: 'Points in place of pictures, where the right answer is known exactly.',
  place: 30,
}
