import type { TabAbout } from '../../tab'

export const about: TabAbout = {
  label: 'The plane',
  what: 'Likelihood, stray points and twigs left out against one or two settings, where the truth is known exactly.',
  place: 35,
  keys: ['of', 'curve', 'lines', 'points'],
  ownSubject: true,
}
