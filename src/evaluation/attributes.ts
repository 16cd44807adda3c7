/**
 * What the judge tells of hair, eyes, mouth … of a picture: a logistic regression on its features for each thing that the generator of the
 * renders varies in a class (models/train/attributes.py). Of a set of pictures two numbers follow: how sure the judge is of what it tells,
 * and how far the shares of the values are from those of held-out renders, told by the same regressions. Pure.
 */
import { widenHalf } from '../core/half'

/** As judge.json says it: something that is varied, how many values it has, and the classes that have it. */
export interface AttributeGroup {
  readonly name: string
  readonly values: number
  readonly classes: readonly number[]
}

interface Head {
  /** [values × width] */
  readonly weight: Float32Array
  readonly bias: Float32Array
  /** Shares of the values among held-out renders of the class. */
  readonly shares: Float32Array
}

/** Of each class its regressions. */
export type Attributes = readonly (readonly Head[])[]

/** Bytes of the file of so many features and these groups. */
export const bytesOfAttributes = (groups: readonly AttributeGroup[], width: number): number =>
  2 * groups.reduce((sum, { values, classes }) => sum + values * (width + 1 + classes.length), 0)

/** Reads the file that attributes.py writes. Throws RangeError for one of another length. */
export function parseAttributes(bytes: Uint8Array, groups: readonly AttributeGroup[], width: number): Attributes {
  if (bytes.byteLength !== bytesOfAttributes(groups, width))
    throw new RangeError(
      `the judge’s attributes are ${bytes.byteLength} bytes, not ${bytesOfAttributes(groups, width)}`,
    )
  const all = widenHalf(new Uint16Array(bytes.slice().buffer))
  let at = 0
  const take = (length: number) => all.subarray(at, (at += length))
  const maps = groups.map(({ values }) => ({ weight: take(values * width), bias: take(values) }))
  const classes: Head[][] = []
  groups.forEach(({ values, classes: own }, group) => {
    for (const label of own) (classes[label] ??= []).push({ ...maps[group]!, shares: take(values) })
  })
  return Array.from({ length: classes.length }, (_, label) => classes[label] ?? [])
}

/** Probabilities of the values. */
function told({ weight, bias }: Head, features: Float32Array): Float64Array {
  const { length: width } = features
  const scores = Float64Array.from(bias, (start, value) => {
    let sum = start
    for (let i = 0; i < width; i++) sum += weight[value * width + i]! * features[i]!
    return sum
  })
  const top = Math.max(...scores)
  const heights = scores.map((score) => Math.exp(score - top))
  const sum = heights.reduce((total, height) => total + height, 0)
  return heights.map((height) => height / sum)
}

/** What is added up of pictures. */
export interface AttributeSums {
  /** Of each class: pictures, and of each of its regressions the sum of probabilities. */
  readonly classes: readonly { pictures: number; readonly sums: readonly Float64Array[] }[]
  /** Of the likeliest values, over pictures: the mean over what the class varies. */
  clarity: number
  pictures: number
}

export const attributeSums = (attributes: Attributes): AttributeSums => ({
  classes: attributes.map((heads) => ({ pictures: 0, sums: heads.map(({ bias }) => new Float64Array(bias.length)) })),
  clarity: 0,
  pictures: 0,
})

/** Adds a picture of the class that was asked for. */
export function addPicture(to: AttributeSums, attributes: Attributes, label: number, features: Float32Array): void {
  const [heads, own] = [attributes[label], to.classes[label]]
  if (!heads || !own || heads.length === 0) return
  let sure = 0
  heads.forEach((head, i) => {
    const probabilities = told(head, features)
    sure += Math.max(...probabilities)
    probabilities.forEach((value, k) => (own.sums[i]![k]! += value))
  })
  own.pictures++
  to.clarity += sure / heads.length
  to.pictures++
}

export function includeSums(to: AttributeSums, from: AttributeSums): void {
  to.clarity += from.clarity
  to.pictures += from.pictures
  from.classes.forEach(({ pictures, sums }, label) => {
    const own = to.classes[label]!
    own.pictures += pictures
    sums.forEach((values, i) => values.forEach((value, k) => (own.sums[i]![k]! += value)))
  })
}

/** How sure the judge is: the mean probability of the likeliest value, 0 to 1. */
export const clarityOf = ({ clarity, pictures }: AttributeSums): number => clarity / pictures

/**
 * How far the shares are from those of renders: half the sum of their differences (the total variation distance), 0 to 1, the mean over what
 * a class varies and then over pictures. It falls with the number of pictures, as a Fréchet distance does.
 */
export function shiftOf({ classes, pictures }: AttributeSums, attributes: Attributes): number {
  return classes.reduce((total, { pictures: own, sums }, label) => {
    if (own === 0) return total
    const apart = sums.reduce((sum, values, i) => {
      const { shares } = attributes[label]![i]!
      return sum + values.reduce((part, value, k) => part + Math.abs(value / own - shares[k]!), 0) / 2
    }, 0)
    return total + ((apart / sums.length) * own) / pictures
  }, 0)
}
