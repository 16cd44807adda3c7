/** Tells the page around an embed how high it is, whenever that changes; the frame is then made as high. */
import { messageOf } from '../embed/protocol'

let telling = false

/**
 * So high that it fits with a scrollbar and without: what is narrower may be higher or lower, and a scrollbar would stay for it.
 * When the scrollbar has gone, the height is told anew.
 */
function heightOf(root: HTMLElement): number {
  const { style, clientWidth } = document.documentElement
  const height = () => Math.ceil(root.getBoundingClientRect().height)
  const now = height()
  if (clientWidth === window.innerWidth) return now
  style.overflow = 'hidden'
  const without = height()
  style.overflow = ''
  return Math.max(now, without)
}

/** What stands there until the page's files, or a room's, have come: a frame as low as that would jump twice. */
const WAITING = '#starting, [data-room]:not([hidden]) > p[data-coming]'

export function tellHeight(): void {
  const root = document.getElementById('root')
  if (telling || !root) return
  telling = true
  let told = 0
  new ResizeObserver(() => {
    if (root.querySelector(WAITING)) return
    const height = heightOf(root)
    // A page that is not laid out yet has none.
    if (height === 0 || height === told) return
    told = height
    window.parent.postMessage(messageOf({ kind: 'height', height }), '*')
  }).observe(root)
}
