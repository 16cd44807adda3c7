/**
 * Keeps React and a browser's translator from undoing each other. A translator puts `<font>` elements where React's text
 * nodes were, and React throws (facebook/react#11538) or writes into a node that nobody sees. Nothing changes until one comes.
 */

/** What stands on the page in the place of a text node. */
type StandIns = WeakMap<Node, ChildNode>

/** The child of `parent` that stands for `node`: the wrapper it was moved into, or what replaced it. */
function childFor(parent: Node, node: Node, standIns: StandIns): ChildNode | null {
  const place = parent.contains(node) ? node : standIns.get(node)
  return place ? ([...parent.childNodes].find((child) => child.contains(place)) ?? null) : null
}

/** React's next text goes to the page: the text node takes its place back. */
function returnOnChange(text: Text, standIns: StandIns): void {
  Object.defineProperty(text, 'nodeValue', {
    configurable: true,
    get: () => text.data,
    set: (value: string | null) => {
      Reflect.deleteProperty(text, 'nodeValue')
      standIns.get(text)?.replaceWith(text)
      standIns.delete(text)
      text.data = value ?? ''
    },
  })
}

/**
 * React removes a text node, or inserts before one, that is elsewhere by now. Components can't avoid it one by one: every
 * text beside a condition is such a node, those of libraries too.
 */
function tolerate(prototype: Node, standIns: StandIns): void {
  const { removeChild, insertBefore } = prototype
  prototype.removeChild = function <T extends Node>(this: Node, child: T): T {
    if (child.parentNode === this) {
      Reflect.apply(removeChild, this, [child])
      return child
    }
    const standIn = childFor(this, child, standIns)
    // A text node that was moved leaves alone what else is in its wrapper.
    if (standIn?.contains(child) && child.parentNode) Reflect.apply(removeChild, child.parentNode, [child])
    else standIn?.remove()
    standIns.delete(child)
    return child
  }
  prototype.insertBefore = function <T extends Node>(this: Node, child: T, before: Node | null): T {
    const place = before && before.parentNode !== this ? childFor(this, before, standIns) : before
    Reflect.apply(insertBefore, this, [child, place])
    return child
  }
}

/** Watches `body` for a translator. */
export function expectTranslator(body: HTMLElement): void {
  const standIns: StandIns = new WeakMap()
  let met = false
  new MutationObserver((records) => {
    const fonts = new Set<Node>()
    for (const { addedNodes } of records) for (const node of addedNodes) if (node.nodeName === 'FONT') fonts.add(node)
    if (fonts.size === 0) return
    if (!met) tolerate(Node.prototype, standIns)
    met = true
    for (const { addedNodes, removedNodes, previousSibling, nextSibling } of records) {
      // Replaced at once, or the wrapper inserted beside and the text then removed.
      const font = [...addedNodes, previousSibling, nextSibling].find((node) => node && fonts.has(node))
      for (const text of removedNodes) {
        if (!(font instanceof HTMLElement && text instanceof Text) || text.isConnected) continue
        standIns.set(text, font)
        returnOnChange(text, standIns)
      }
    }
  }).observe(body, { childList: true, subtree: true })
}
