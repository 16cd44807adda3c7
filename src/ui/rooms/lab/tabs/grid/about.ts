import type { TabAbout } from '../../tab'

export const about: TabAbout = {
  label: 'Grid',
  what: 'One picture for every combination of values of up to three settings.',
  place: 10,
  keys: ['x', 'y', 'z'],
}
