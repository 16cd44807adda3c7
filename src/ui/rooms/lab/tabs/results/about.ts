import type { TabAbout } from '../../tab'

export const about: TabAbout = {
  label: 'Results',
  what: 'Everything that was judged here, as a table: filter it, compare rows, take it home.',
  place: 40,
  keys: ['filter', 'sort'],
}
