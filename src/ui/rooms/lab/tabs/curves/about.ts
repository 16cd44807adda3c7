import type { TabAbout } from '../../tab'

export const about: TabAbout = {
  label: 'Curves',
  what: 'Judge many images at each value of a setting: a number with its interval against one or two settings.',
  place: 30,
  keys: ['curve', 'lines', 'each', 'stop'],
}
