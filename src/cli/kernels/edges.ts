/** One to three floats at the end of a row: read and written without touching what is behind. */
import type { Fn, Module } from './function'
import { Int, load, loadOne, loadTwo, Vec } from './wat'

/** Up to four floats; zeros in the other lanes. */
function loadSome(f: Fn, address: Int, count: Int): Vec {
  const value = f.vec(0)
  f.if(
    count.atLeast(4),
    () => f.set(value, load(address)),
    () =>
      f.if(
        count.atLeast(2),
        () => {
          f.set(value, loadTwo(address))
          f.if(count.is(3), () => f.set(value, new Vec(`(v128.load32_lane offset=8 2 ${address.text} ${value.text})`)))
        },
        () => f.set(value, loadOne(address)),
      ),
  )
  return value
}

function storeSome(f: Fn, address: Int, value: Vec, count: Int): void {
  f.if(
    count.atLeast(4),
    () => f.store(address, value),
    () => {
      const lane = (bits: number, offset: number, index: number) =>
        f.raw(`(v128.store${bits}_lane offset=${offset} ${index} ${address.text} ${value.text})`)
      f.if(
        count.atLeast(2),
        () => {
          lane(64, 0, 0)
          f.if(count.is(3), () => lane(32, 8, 2))
        },
        () => lane(32, 0, 0),
      )
    },
  )
}

/** The same as functions, for where they are seldom used. At least one float. */
export function edges(module: Module): void {
  module.inner('loadSome', (f) => {
    const { address, count } = f.intParams('address count')
    f.result(loadSome(f, address, count))
  })
  module.inner('storeSome', (f) => {
    const address = f.intParam()
    const value = f.vecParam()
    storeSome(f, address, value, f.intParam())
  })
}

export { loadSome, storeSome }
