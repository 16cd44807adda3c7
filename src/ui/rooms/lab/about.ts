import type { About } from '../about'

export const about: About = {
  title: 'Lab',
  what: 'Vary settings side by side, in grids, walls of seeds and curves.',
  place: 35,
}
