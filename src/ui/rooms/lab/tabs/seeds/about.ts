import type { TabAbout } from '../../tab'

export const about: TabAbout = {
  label: 'Seeds',
  what: 'A wall of samples of one setting: where guidance helps, and where it harms.',
  place: 20,
  keys: ['n', 'by'],
}
