/** Functions that some of the oldest browsers lack (`src/cli/browsers.mjs`), by where they are: the page must do without. */

const ARRAYS = ['Array', 'Uint8Array', 'Float32Array', 'BigInt64Array']

const of = (places: readonly string[], names: readonly string[]) =>
  places.flatMap((place) => names.map((name) => `${place}.${name}`))

export const NEWER: readonly string[] = [
  // Chromium 110, Firefox 115
  ...of(
    ARRAYS.map((array) => `${array}.prototype`),
    ['toReversed', 'toSorted', 'toSpliced', 'with'],
  ),
  // Chromium 111, Firefox 119
  ...of(['String.prototype'], ['isWellFormed', 'toWellFormed']),
  // Chromium 117 to 122, Firefox 119 to 134
  ...of(['Object', 'Map'], ['groupBy']),
  ...of(['Promise'], ['withResolvers', 'try']),
  ...of(['Array'], ['fromAsync']),
  ...of(
    ['Set.prototype'],
    ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'],
  ),
  ...of(
    ['Iterator.prototype'],
    ['map', 'filter', 'take', 'drop', 'flatMap', 'reduce', 'toArray', 'forEach', 'some', 'every', 'find'],
  ),
  ...of(['Iterator'], ['from', 'concat']),
  // Chromium 114 to 145, Firefox 122 to 139
  ...of(['ArrayBuffer.prototype'], ['transfer', 'transferToFixedLength', 'resize']),
  ...of(['Uint8Array'], ['fromBase64', 'fromHex']),
  ...of(['Uint8Array.prototype'], ['toBase64', 'toHex', 'setFromBase64', 'setFromHex']),
  ...of(['Math'], ['f16round', 'sumPrecise']),
  ...of(['RegExp', 'Error'], ['escape', 'isError']),
  ...of(['Map.prototype', 'WeakMap.prototype'], ['getOrInsert', 'getOrInsertComputed']),
  // of browsers: Chromium 111 to 136, Firefox 113 to 144, Safari 17 to 26
  ...of(['AbortSignal'], ['any']),
  ...of(['URL'], ['parse', 'canParse']),
  ...of(['URLSearchParams.prototype'], ['size']),
  ...of(['Element.prototype'], ['checkVisibility', 'setHTMLUnsafe', 'getHTML', 'moveBefore', 'ariaNotify']),
  ...of(['HTMLElement.prototype'], ['showPopover', 'hidePopover', 'togglePopover']),
  ...of(['Document.prototype'], ['startViewTransition']),
  ...of(['Response'], ['json']),
  ...of(['Blob.prototype'], ['bytes']),
  ...of(['globalThis'], ['scheduler', 'requestIdleCallback', 'navigation', 'CloseWatcher', 'Float16Array', 'Iterator']),
]

/** A script that takes them away, before the code of a page or a worker. */
export const removeNewer = `;(() => {
  for (const path of ${JSON.stringify(NEWER)}) {
    const names = path.split('.')
    const last = names.pop()
    const place = names.reduce((at, name) => at?.[name], globalThis)
    if (place) delete place[last]
  }
})();
`
