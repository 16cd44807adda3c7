/**
 * 3×3 convolution by Winograd's F(4, 3): a tile of 4×4 outputs is read off 36 products of a tile of 6×6 inputs. Tiles of all rows are
 * taken together, in blocks; a panel of output channels goes through all 36 products and is transformed back while it is in the cache.
 * Scratch: one image with zeros around, V [36][TILES][cin], M [TILES][36][WIDE], a tile half way, U [36][CHUNK][WIDE].
 */
import { loadSome, storeSome } from './edges'
import type { Fn, Module } from './function'
import { taps } from './taps'
import { inputs, outputs } from './tiles'
import { TILES, WIDE } from '../../runner/kernels/sizes'
import { int, type Int, type IntLike, load } from './wat'

/** (x, h, w, c, padded, width, channels): one image into the middle of zeros; channels beyond its own are zeros. */
function pad(module: Module): void {
  module.inner('padImage', (f) => {
    const { x, h, w, c, to, width, height, wide } = f.intParams('x h w c to width height wide')
    const line = f.int(width.times(wide).bytes())
    f.raw(`(memory.fill ${to.text} (i32.const 0) ${line.times(height).text})`)
    f.add(to, line.plus(wide.bytes()))
    f.each(h, 1, () => {
      f.if(
        c.is(wide),
        () => f.raw(`(memory.copy ${to.text} ${x.text} ${w.times(c).bytes().text})`),
        () => {
          const { from, pixel } = { from: f.int(x), pixel: f.int(to) }
          f.each(w, 1, () => {
            f.raw(`(memory.copy ${pixel.text} ${from.text} ${c.bytes().text})`)
            f.add(from, c.bytes())
            f.add(pixel, wide.bytes())
          })
        },
      )
      f.add(x, w.times(c).bytes())
      f.add(to, line)
    })
  })
}

/** What 1, 2, … 5 steps are. */
const multiples = (f: Fn, step: Int): readonly Int[] => {
  const found = [int(0), step]
  while (found.length < 6) found.push(f.int(found.at(-1)!.plus(step)))
  return found
}

/**
 * (corner of a tile, bytes of a padded line, channels, v, bytes between the 36 products, room): one tile of all channels. Lines first,
 * then columns, over memory: as one body V8 would keep 36 values on its stack.
 */
function tileIn(module: Module): void {
  module.inner('tileIn', (f) => {
    const { x, line, wide, v, step, room } = f.intParams('x line wide v step room')
    const pixels = multiples(f, f.int(wide.bytes()))
    const steps = multiples(f, f.int(step.times(6)))
    const { at, to, half } = f.ints('at to half')
    f.each(wide, 4, (c) => {
      f.set(at, x.plus(c.bytes()))
      f.set(half, room)
      f.repeat(6, () => {
        const row = inputs(
          f,
          pixels.map((pixel) => f.vec(load(at.plus(pixel)))),
        )
        row.forEach((value, i) => f.store(half, value, 16 * i))
        f.add(at, line)
        f.add(half, 96)
      })
      f.set(to, v.plus(c.bytes()))
      f.set(half, room)
      f.repeat(6, () => {
        const column = inputs(
          f,
          pixels.map((_, i) => f.vec(load(half, 96 * i))),
        )
        column.forEach((value, i) => f.store(to.plus(steps[i]!), value))
        f.add(to, step)
        f.add(half, 16)
      })
    })
  })
}

/**
 * (m, y of the tile, bias, residual of the tile, lines and pixels of the image that are left, bytes of a line and of a pixel, columns,
 * room).
 */
function tileOut(module: Module): void {
  module.inner('tileOut', (f) => {
    const { m, y, bias, residual, down, right, line, pixel, columns, room } = f.intParams(
      'm y bias residual down right line pixel columns room',
    )
    const lines = multiples(f, line)
    const { at, half, place, left, j } = f.ints('at half place left j')
    const added = f.vec(0)
    f.each(columns, 4, (c) => {
      f.set(left, columns.minus(c))
      f.set(added, 0)
      f.if(bias, () => f.set(added, loadSome(f, bias.plus(c.bytes()), left)))
      f.set(at, m.plus(c.bytes()))
      f.set(half, room)
      f.repeat(6, () => {
        const row = outputs(
          f,
          [0, 1, 2, 3, 4, 5].map((i) => f.vec(load(at, 4 * WIDE * i))),
        )
        row.forEach((value, i) => f.store(half, value, 16 * i))
        f.add(at, 4 * WIDE * 6)
        f.add(half, 64)
      })
      f.set(half, room)
      f.set(place, c.bytes())
      f.set(j, 0)
      f.during(j, right.least(4), 1, () => {
        const column = outputs(
          f,
          [0, 1, 2, 3, 4, 5].map((i) => f.vec(load(half, 64 * i))),
        )
        column.forEach((cell, i) =>
          f.if(down.above(i), () => {
            const value = f.vec(cell.plus(added))
            const to = f.int(place.plus(lines[i]!))
            f.if(residual, () => f.set(value, value.plus(loadSome(f, residual.plus(to), left))))
            storeSome(f, y.plus(to), value, left)
          }),
        )
        f.add(place, pixel)
        f.add(half, 16)
      })
    })
  })
}

function convolve(module: Module): void {
  module.exported('winograd', (f) => {
    const { x, packed, bias, residual, y, scratch, rows, h, w, cin, cout, act } = f.intParams(
      'x packed bias residual y scratch rows h w cin cout act',
    )
    const wide = f.int(cin.plus(3).and(-4))
    const [down, across] = [f.int(h.plus(3).shr(2)), f.int(w.plus(3).shr(2))]
    const [height, width] = [f.int(down.times(4).plus(2)), f.int(across.times(4).plus(2))]
    const each = f.int(down.times(across))
    const tiles = f.int(rows.times(each))
    const v = f.int(scratch.plus(height.times(width).times(wide).bytes()))
    const between = (count: IntLike) => wide.times(count).bytes().plus(64).or(64).and(-64)
    const m = f.int(v.plus(between(TILES).times(36)))
    const room = f.int(m.plus(4 * 36 * WIDE * TILES))
    const u = f.int(
      room
        .plus(4 * 144)
        .plus(63)
        .and(-64),
    )
    const { top, count, step, panel, j } = f.ints('top count step panel j')
    f.during(top, tiles, TILES, () => {
      f.set(count, tiles.minus(top).least(TILES))
      // An odd number of cache lines, so that the 36 places of a tile do not fall on the same ones.
      f.set(step, between(count))
      f.call('tilesIn', x, scratch, h, w, cin, width, height, wide, top, count, across, each, v, step, room)
      f.set(panel, packed)
      f.set(j, 0)
      f.during(j, cout, WIDE, () => {
        f.call('points', v, step, wide.bytes(), panel, m, count, cin, u)
        f.add(panel, cin.times(4 * 9 * WIDE))
        const begun = bias.choose(bias.plus(j.bytes()), 0)
        const kept = residual.and(act.not().choose(-1, 0))
        f.call(
          'tilesOut',
          m,
          y.plus(j.bytes()),
          begun,
          kept.choose(kept.plus(j.bytes()), 0),
          h,
          w,
          cout,
          cout.minus(j).least(WIDE),
          top,
          count,
          across,
          each,
          room,
        )
      })
    })
    f.if(act, () => f.call('activate', act, y, cout, residual, rows.times(h).times(w), cout))
  })
}

function blocks(module: Module): void {
  module.inner('tilesIn', (f) => {
    const { x, padded, h, w, c, width, height, wide, top, count, across, each, v, step, room } = f.intParams(
      'x padded h w c width height wide top count across each v step room',
    )
    const { tile, place } = f.ints('tile place')
    f.each(count, 1, (i) => {
      f.set(tile, top.plus(i))
      f.set(place, tile.modulo(each))
      f.if(place.not(), () =>
        f.call(
          'padImage',
          x.plus(tile.over(each).times(h).times(w).times(c).bytes()),
          h,
          w,
          c,
          padded,
          width,
          height,
          wide,
        ),
      )
      const corner = place.over(across).times(width).plus(place.modulo(across)).times(wide).times(16)
      f.call('tileIn', padded.plus(corner), width.times(wide).bytes(), wide, v.plus(i.times(wide).bytes()), step, room)
    })
  })

  module.inner('tilesOut', (f) => {
    const { m, y, bias, residual, h, w, c, columns, top, count, across, each, room } = f.intParams(
      'm y bias residual h w c columns top count across each room',
    )
    const { tile, place, down, right, at } = f.ints('tile place down right at')
    f.each(count, 1, (i) => {
      f.set(tile, top.plus(i))
      f.set(place, tile.modulo(each))
      f.set(down, place.over(across).times(4))
      f.set(right, place.modulo(across).times(4))
      f.set(at, tile.over(each).times(h).plus(down).times(w).plus(right).times(c).bytes())
      f.call(
        'tileOut',
        m.plus(i.times(4 * 36 * WIDE)),
        y.plus(at),
        bias,
        residual.choose(residual.plus(at), 0),
        h.minus(down),
        w.minus(right),
        w.times(c).bytes(),
        c.bytes(),
        columns,
        room,
      )
    })
  })
}

export function winograd(module: Module): void {
  taps(module)
  pad(module)
  tileIn(module)
  tileOut(module)
  blocks(module)
  convolve(module)
}
