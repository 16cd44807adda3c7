import type { About } from '../about'

export const about: About = {
  title: 'Which is the render?',
  what: 'Tell guided samples from renders: how good has the network become?',
  place: 50,
  when: ({ renders }) => renders !== null && renders !== undefined,
}
