/** Tells the page around an embed how high it is, whenever that changes; the frame is then made as high. */
import { messageOf } from '../embed/protocol'

let telling = false

export function tellHeight(): void {
  const root = document.getElementById('root')
  if (telling || !root) return
  telling = true
  let told = 0
  new ResizeObserver(() => {
    const height = Math.ceil(root.getBoundingClientRect().height)
    // A page that is not laid out yet has none.
    if (height === 0 || height === told) return
    told = height
    window.parent.postMessage(messageOf({ kind: 'height', height }), '*')
  }).observe(root)
}
