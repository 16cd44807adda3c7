/**
 * The parts of the page that an address or a lesson may show, hide and lock, by name. A control is named by its setting's key. A
 * room adds rows of its own; `<Part name="…">` (`src/ui/view/Part.tsx`) is what makes a row true, which a test asks for.
 */
import type { Settings } from './types'
import type { PartName } from './view'

export interface Part {
  readonly name: PartName
  /** What it is, as in “This page holds the scale.” */
  readonly words: string
  /** The folder of its room. */
  readonly room: string
  /** The part that it stands in. */
  readonly within: PartName | null
  /** The settings that do not change while it is locked. */
  readonly holds: readonly (keyof Settings)[]
  /** Whether a list of what is shown leaves it: only `hide` takes it away. */
  readonly stays: boolean
}

const control = (name: PartName & keyof Settings, words: string, ...more: readonly (keyof Settings)[]): Part => ({
  name,
  words,
  room: 'play',
  within: 'controls',
  holds: [name, ...more],
  stays: false,
})

const panel = (name: PartName, words: string, more: Partial<Part> = {}): Part => ({
  name,
  words,
  room: 'play',
  within: null,
  holds: [],
  stays: false,
  ...more,
})

export const parts: readonly Part[] = [
  panel('bar', 'the bar at the top', { stays: true }),
  panel('sentence', 'the sentence'),
  panel('first', 'the first minute'),
  panel('scale', 'the scale', { holds: ['scale'] }),
  panel('marks', 'the marks of what was measured', { within: 'scale' }),
  panel('pictures', 'the pictures'),
  panel('compare', 'what is done with the pictures', { within: 'pictures' }),
  panel('notices', 'the notices', { stays: true }),
  panel('equation', 'the equation'),
  panel('judge', 'the judge'),
  panel('axis', 'the noise axis'),
  panel('window', 'the guidance window', { within: 'axis', holds: ['window'] }),
  panel('numbers', 'the numbers', { room: 'plane' }),
  panel('contours', 'the lines of true density', { room: 'plane', within: 'axis' }),
  panel('field', 'what guidance adds', { room: 'plane', within: 'axis' }),
  panel('errors', 'the networks’ errors', { room: 'plane' }),
  panel('controls', 'the controls'),
  control('model', 'the model'),
  control('class', 'what is wanted'),
  control('seed', 'the seed'),
  control('samples', 'the number of pictures', 'image'),
  control('method', 'the method'),
  control('parameters', 'the parameters of the method'),
  control('layers', 'the layers'),
  panel('measured', 'what was measured of the method', { within: 'controls' }),
  control('stack', 'the other negatives'),
  control('network', 'the network'),
  control('ema', 'the weight average'),
  control('rescale', 'the rescaling'),
  control('steps', 'the number of steps'),
  control('solver', 'the solver', 'solverParameters'),
]

/** What an embed shows that does not say what. */
export const EMBEDDED: readonly PartName[] = ['sentence', 'scale', 'pictures']

const byName = new Map(parts.map((part) => [part.name, part]))

export const partByName = (name: PartName): Part | undefined => byName.get(name)
