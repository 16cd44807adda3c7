/**
 * Weights of Winograd's convolution. They are kept as they are, nine to a pair of channels: 36 would have to come from memory for a few
 * tiles each time, which takes longer than to make them of nine where they are needed.
 */
import { CHUNK, WIDE } from '../../runner/kernels/sizes'
import type { Fn, Module } from './function'
import { firstLanes } from './norms'
import { weightOf, weights } from './tiles'
import { type Int, load, loadOne, Vec } from './wat'

const TAPS = 4 * 9 * WIDE

/** (weights, cin, cout, packed): [panel][cin][9][WIDE], zeros beyond the last output; four outputs at a time. */
function pack(module: Module): void {
  module.exported('winogradPack', (f) => {
    const { from, cin, cout, packed } = f.intParams('from cin cout packed')
    const { o, place } = f.ints('o place')
    const between = f.int(cin.times(36))
    f.during(o, cout.plus(WIDE - 1).and(-WIDE), 4, () => {
      const mask = f.vec(firstLanes(cout.minus(o)))
      // Beyond the last output the first is read, and taken for 0.
      const lanes = [0, 1, 2, 3].map((lane) =>
        f.int(from.plus(o.plus(lane).below(cout).choose(o.plus(lane).times(between), 0))),
      )
      f.set(place, packed.plus(o.over(WIDE).times(cin.times(TAPS)).plus(o.modulo(WIDE).bytes())))
      f.each(cin, 1, () => {
        for (let tap = 0; tap < 9; tap++) f.store(place, gather(lanes, 4 * tap).and(mask), 4 * WIDE * tap)
        lanes.forEach((lane) => f.add(lane, 36))
        f.add(place, TAPS)
      })
    })
  })
}

/** A float of each of four places. */
function gather([first, ...others]: readonly Int[], offset: number): Vec {
  return others.reduce(
    (value, place, index) => new Vec(`(v128.load32_lane offset=${offset} ${index + 1} ${place.text} ${value.text})`),
    loadOne(first!, offset),
  )
}

/** Bytes between the six of U: an odd number of cache lines, so that they do not fall on the same ones. */
const BETWEEN = (4 * CHUNK * WIDE) | 64

/** (taps, inputs, u): one line of the 36, u [6][inputs][WIDE]. */
function expand(module: Module, line: number): void {
  module.inner(`expand${line}`, (f: Fn) => {
    const { taps, k, u } = f.intParams('taps k u')
    f.each(k, 1, () => {
      for (let part = 0; part < 4 * WIDE; part += 16) {
        const tap = (y: number, x: number) => f.vec(load(taps, 4 * WIDE * (3 * y + x) + part))
        const values = weights(
          f,
          [0, 1, 2].map((x) => weightOf(f, line, (y) => tap(y, x))),
        )
        values.forEach((value, place) => f.store(u, value, BETWEEN * place + part))
      }
      f.add(u, 4 * WIDE)
      f.add(taps, TAPS)
    })
  })
}

/**
 * (v, bytes between its 36, bytes of a tile, taps of a panel, m, tiles, inputs, u): the 36 products, some inputs after others, a line of
 * weights at a time, which stays in the first cache.
 */
function points(module: Module): void {
  module.inner('points', (f) => {
    const { v, step, stride, taps, m, count, k, u } = f.intParams('v step stride taps m count k u')
    const { first, some, from, to, weights } = f.ints('first some from to weights')
    f.during(first, k, CHUNK, () => {
      f.set(some, k.minus(first).least(CHUNK))
      f.call('touch', taps, some.times(TAPS), u)
      f.set(from, v.plus(first.bytes()))
      f.set(to, m)
      for (let line = 0; line < 6; line++) {
        f.call(`expand${line}`, taps, some, u)
        f.set(weights, u)
        f.repeat(6, () => {
          f.call('panel', from, stride, weights, 0, first.choose(to, 0), to, 4 * 36 * WIDE, count, some, WIDE)
          f.add(from, step)
          f.add(weights, BETWEEN)
          f.add(to, 4 * WIDE)
        })
      }
      f.add(taps, some.times(TAPS))
    })
  })
}

/** (address, bytes, room): brings memory into the caches, many lines at a time, which the transforms would wait for one by one. */
function touch(module: Module): void {
  module.inner('touch', (f) => {
    const { x, bytes, room } = f.intParams('x bytes room')
    const seen = [0, 64, 128, 192].map(() => f.vec(0))
    f.each(bytes.minus(255), 256, (i) => {
      seen.forEach((value, line) => f.set(value, value.or(load(x.plus(i), 64 * line))))
    })
    f.store(
      room,
      seen.reduce((all, value) => all.or(value)),
    )
  })
}

export function taps(module: Module): void {
  touch(module)
  pack(module)
  for (let line = 0; line < 6; line++) expand(module, line)
  points(module)
}
