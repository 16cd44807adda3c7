/** 6: autoguidance and its three curves. */
import { earlierOrSmaller } from '../../measured/claims/earlier-or-smaller'
import { valley } from '../../measured/shapes/valley'
import { bestAmong, bestLine, isThere } from '../judge'
import { byWeak, smaller, smallerAndEarlier, snapshots } from '../networks'
import type { Section, Side } from '../section'

/** Lengths between the two that were stored in training. */
const LENGTHS = [0.05, 0.075, 0.1] as const

const sides = (key: string, words: string): readonly Side[] =>
  LENGTHS.map((length) => ({ label: `${words} ${length.toFixed(3)}`, asks: { [key]: length } }))

const TRAINED = ['least trained', 'second least', 'third least', 'most trained'] as const

/** The snapshot that was trained least, second least, and so on. */
const nth = (index: number) => byWeak(`snapshot ${index + 1}`, (model) => snapshots(model)[index])

const FLOOR =
  'With the least trained network the valley is there, but its floor lies at a smaller w than the paper’s. Part of it is the sampler: the paper takes 32 steps of Heun’s solver, and here 16 of Euler’s, whose own error the push also mends. With Heun’s solver at 16 steps this gain was not told apart from none.'

const SIZES_DIFFER =
  'The smaller and earlier network is not the best of the three here. It is very weak: alone, little more than half of its pictures are what was asked for. So it differs from the good one in what it draws, not only in how well, and less of it can be taken.'

export const autoguidance: Section = {
  id: 'autoguidance',
  order: 6,
  title: 'Autoguidance and its three curves',
  says: [
    'Autoguidance takes a whole second network as the negative: the same model, trained for less time, or smaller, or both, and asked for the same class. It errs where the good one errs, and further, so the difference between them points away from the error. As both are asked the same thing, there is no pull towards a class.',
    'Three settings matter beside the scale: how long the weak network was trained, how large it is, and over how much of its training each network’s weights were averaged. The authors find training more important than size, and the pair of averages the most delicate. The article’s complaint: it takes a second network and a long search, and with one published checkpoint it can’t be had.',
  ],
  methods: ['autoguidance'],
  claims: [earlierOrSmaller],
  figures: [
    {
      kind: 'lines',
      id: 'training',
      sweeps: ['autoguidance-training'],
      title: '(a) By how long the weak network was trained',
      shape: valley,
      along: 'scale',
      lines: [0, 1, 2, 3].map((index) => ({
        ...nth(index),
        label: TRAINED[index] ?? '',
      })),
      // The paper's best weak network has a sixteenth of the training, as the first of these has.
      judge: bestLine(TRAINED[0]),
      paper:
        'ImageNet at 512 pixels: a wide valley in w whose floor is at about 2.1. Trained for a sixteenth of the time, the weak network gives FID 1.34; for a thirty-second 1.40; for an eighth 1.47; no guidance 2.56.',
      why: {
        open: `The longer the weak network was trained, the nearer it is to the good one, so the smaller the difference, and the larger the w that suits it: after a sixteenth of the training w = 2 no longer gains, after an eighth, a quarter and six tenths it does. Each at its best w, 500 pictures do not tell them apart. ${FLOOR}`,
        met: FLOOR,
      },
    },
    {
      kind: 'lines',
      id: 'capacity',
      sweeps: ['autoguidance-capacity'],
      title: '(b) By how large the weak network is',
      shape: valley,
      along: 'scale',
      lines: [
        byWeak('same size, earlier', (model) => snapshots(model)[0]),
        byWeak('smaller, fully trained', smaller),
        byWeak('smaller and earlier', smallerAndEarlier),
      ],
      judge: bestLine('smaller and earlier'),
      paper:
        'Smaller and earlier together is the paper’s best: FID 1.34 with the next smaller size, 1.41 with the one below that, 1.51 with the same size and less training; only smaller, 2.13.',
      why: {
        missed: SIZES_DIFFER,
        open: SIZES_DIFFER,
        met: SIZES_DIFFER,
      },
    },
    {
      kind: 'plane',
      id: 'averages',
      sweeps: ['autoguidance-averages'],
      title: '(c) By the averages of both networks’ weights, at s = 0.5',
      across: 'Length of the good network’s average, as a share of its training',
      down: 'Of the weak network’s',
      columns: () => sides('ema', 'good'),
      rows: () => sides('weakEma', 'weak'),
      asked(model) {
        const [weak] = snapshots(model)
        return weak ? { method: 'autoguidance', weak: weak.id, scale: 0.5 } : null
      },
      // Both sides go from short to long.
      judge: (rows) =>
        bestAmong(
          rows.flatMap((row, weak) => row.slice(0, weak)).filter(isThere),
          rows.flatMap((row, weak) => row.slice(weak)).filter(isThere),
        ),
      paper:
        'The paper’s plane has one deep place: a short average for the good network and a longer one for the weak one. Equal lengths give FID 1.53 instead of 1.34.',
      why: {
        open: 'The plane is flat here: any of the nine pairs does. Compared on the same seeds only one thing stands out, and the other way round: with 0.05 for the good network, a longer average of the weak one costs 0.12 ± 0.09 and 0.15 ± 0.11. Lengths below 0.05 and above 0.10 were not kept in training, so nothing is known of them.',
      },
    },
  ],
}
