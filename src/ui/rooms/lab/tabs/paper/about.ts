import type { TabAbout } from '../../tab'

export const about: TabAbout = {
  label: 'A paper’s metrics',
  what: 'FID, KID, FD-DINOv2 or CMMD, with a feature network of your own and reference statistics in a file.',
  place: 50,
  keys: ['scales', 'images'],
}
