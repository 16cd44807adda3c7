/**
 * 3×3 convolution by Winograd's F(4, 3): a tile of 4×4 outputs is read off 36 products of a tile of 6×6 inputs. Tiles of all rows are
 * taken together, in blocks; a panel of output channels goes through all 36 products and is transformed back while it is in the cache.
 * Packed weights [panel][36][cin][WIDE]. Scratch: one image with zeros around, V [36][TILES][cin], M [TILES][36][WIDE].
 */
import { loadSome, storeSome } from './edges'
import type { Module } from './function'
import { both, inputs, outputs, transposed, weights } from './tiles'
import { TILES, WIDE } from '../../runner/kernels/sizes'
import { type IntLike, load, loadNum } from './wat'

function pack(module: Module): void {
  module.exported('winogradPack', (f) => {
    const { from, cin, cout, packed } = f.intParams('from cin cout packed')
    const { o, i, at, to } = f.ints('o i at to')
    f.during(o, cout.plus(WIDE - 1).and(-WIDE), 1, () => {
      f.set(i, 0)
      f.during(i, cin, 1, () => {
        f.set(at, from.plus(o.times(cin).plus(i).times(36)))
        const taps = [0, 1, 2].map((y) =>
          [0, 1, 2].map((x) => {
            const tap = f.vec(0)
            f.if(o.below(cout), () => f.set(tap, loadNum(at, 4 * (3 * y + x)).splat()))
            return tap
          }),
        )
        const panel = o
          .over(WIDE)
          .times(cin.times(36 * WIDE))
          .plus(i.times(WIDE))
          .plus(o.modulo(WIDE))
        f.set(to, packed.plus(panel.bytes()))
        for (const value of both(f, weights, taps).flat()) {
          f.storeNum(to, value.lane(0))
          f.add(to, cin.times(4 * WIDE))
        }
      })
    })
  })
}

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

/** (corner of a tile, bytes of a padded line, channels, v, bytes between the 36 products): one tile of all channels. */
function tileIn(module: Module): void {
  module.inner('tileIn', (f) => {
    const { x, line, wide, v, step } = f.intParams('x line wide v step')
    const pixel = f.int(wide.bytes())
    const { at, to } = f.ints('at to')
    f.each(wide, 4, (c) => {
      f.set(at, x.plus(c.bytes()))
      f.set(to, v.plus(c.bytes()))
      const rows = Array.from({ length: 6 }, () => {
        const from = f.int(at)
        const row = Array.from({ length: 6 }, (_, i) => {
          if (i > 0) f.add(from, pixel)
          return f.vec(load(from))
        })
        f.add(at, line)
        return inputs(f, row)
      })
      for (const value of transposed(transposed(rows).map((column) => inputs(f, column))).flat()) {
        f.store(to, value)
        f.add(to, step)
      }
    })
  })
}

/** (m, y of the tile, bias, residual of the tile, lines and pixels of the image that are left, bytes of a line and pixel, columns). */
function tileOut(module: Module): void {
  module.inner('tileOut', (f) => {
    const { m, y, bias, residual, down, right, line, pixel, columns } = f.intParams(
      'm y bias residual down right line pixel columns',
    )
    const { place } = f.ints('place')
    const added = f.vec(0)
    f.each(columns, 4, (c) => {
      const left = f.int(columns.minus(c))
      const values = Array.from({ length: 6 }, (_, row) =>
        outputs(
          f,
          Array.from({ length: 6 }, (_, i) => f.vec(load(m.plus(c.bytes()), 4 * WIDE * (6 * row + i)))),
        ),
      )
      const cells = transposed(transposed(values).map((column) => outputs(f, column)))
      f.set(added, 0)
      f.if(bias, () => f.set(added, loadSome(f, bias.plus(c.bytes()), left)))
      cells.forEach((row, i) => {
        f.if(down.above(i), () => {
          f.set(place, line.times(i).plus(c.bytes()))
          row.forEach((cell, j) =>
            f.if(right.above(j), () => {
              const value = f.vec(cell.plus(added))
              f.if(residual, () => f.set(value, value.plus(loadSome(f, residual.plus(place), left))))
              storeSome(f, y.plus(place), value, left)
              f.add(place, pixel)
            }),
          )
        })
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
    const { top, count, step, panel, j } = f.ints('top count step panel j')
    f.during(top, tiles, TILES, () => {
      f.set(count, tiles.minus(top).least(TILES))
      // An odd number of cache lines, so that the 36 places of a tile do not fall on the same ones.
      f.set(step, between(count))
      f.call('tilesIn', x, scratch, h, w, cin, width, height, wide, top, count, across, each, v, step)
      f.set(panel, packed)
      f.set(j, 0)
      f.during(j, cout, WIDE, () => {
        f.call('points', v, step, wide.bytes(), panel, m, count, cin)
        f.add(panel, cin.times(4 * 36 * WIDE))
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
        )
      })
    })
    f.if(act, () => f.call('activate', act, y, cout, residual, rows.times(h).times(w), cout))
  })
}

/** The 36 products of one panel. */
function points(module: Module): void {
  module.inner('points', (f) => {
    const { v, step, stride, panel, m, count, k } = f.intParams('v step stride panel m count k')
    f.repeat(36, () => {
      f.call('panel', v, stride, panel, 0, 0, m, 4 * 36 * WIDE, count, k, WIDE)
      f.add(v, step)
      f.add(panel, k.times(4 * WIDE))
      f.add(m, 4 * WIDE)
    })
  })
}

function blocks(module: Module): void {
  module.inner('tilesIn', (f) => {
    const { x, padded, h, w, c, width, height, wide, top, count, across, each, v, step } = f.intParams(
      'x padded h w c width height wide top count across each v step',
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
      f.call('tileIn', padded.plus(corner), width.times(wide).bytes(), wide, v.plus(i.times(wide).bytes()), step)
    })
  })

  module.inner('tilesOut', (f) => {
    const { m, y, bias, residual, h, w, c, columns, top, count, across, each } = f.intParams(
      'm y bias residual h w c columns top count across each',
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
      )
    })
  })
}

export function winograd(module: Module): void {
  pack(module)
  pad(module)
  tileIn(module)
  tileOut(module)
  points(module)
  blocks(module)
  convolve(module)
}
