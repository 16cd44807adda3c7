// Classic script, in the oldest JavaScript, so that it runs where the page's own code does not: says in the place of the words
// "Starting" why the page does not start. The application replaces those words; from then on it speaks for itself.
;(function () {
  var BROWSERS = 'Chrome or Edge 108, Firefox 114, Safari 16.4 (iOS 16.4), or newer'
  var AGAIN = 'Load the page again; its address keeps the settings.'
  /** An instruction on 128-bit vectors in the smallest module. */
  var SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]
  /** Functions that the page's code calls without asking, by where they are. */
  var CALLED = [
    ['at', Array.prototype],
    ['hasOwn', Object],
    ['replaceAll', String.prototype],
    ['replaceChildren', window.Element ? Element.prototype : {}],
    ['AbortController', window],
    ['DecompressionStream', window],
    ['OffscreenCanvas', window],
    ['ResizeObserver', window],
    ['Worker', window],
  ]

  function missing() {
    if (!('noModule' in document.createElement('script'))) return 'module scripts'
    for (var i = 0; i < CALLED.length; i++) if (!(CALLED[i][0] in CALLED[i][1])) return CALLED[i][0]
    if (typeof WebAssembly !== 'object') return 'WebAssembly, which some browsers turn off for safety'
    return WebAssembly.validate(new Uint8Array(SIMD)) ? null : 'SIMD in WebAssembly'
  }

  function sandboxed() {
    return window.origin === 'null' && window.location.protocol !== 'file:'
  }

  // How much of the page as the build has drawn it is right for this address: all where it is plain, the frame where it has settings, else none.
  var root = document.documentElement
  var hash = window.location.hash.replace(/^#/, '')
  var other = /(?:^|&)(?:room|lesson|embed|present|theme|show|hide|lock|at|lens|inspect)=/.test(hash)
  if (root) root.setAttribute('data-visit', hash === '' ? 'plain' : other ? 'other' : 'link')

  /** Answers by address, of which the page's code takes each once; null where it has, or has asked by itself. */
  var asked = {}
  window.early = {
    ask: function (address) {
      if (!(address in asked)) asked[address] = window.fetch(address, { priority: 'low' })
    },
    take: function (address) {
      var answer = asked[address]
      asked[address] = null
      return answer
    },
  }
  if (hash === '') {
    // The sheet shows it; asked for here it has come by then.
    var ahead = new window.Image()
    ahead.fetchPriority = 'high'
    ahead.src = './first-light-ahead.png'
  }

  /** The theme that was chosen on an earlier visit; none where storage is forbidden. */
  function chosen() {
    try {
      return window.localStorage.getItem('theme')
    } catch (reason) {
      console.info('No theme is kept:', reason)
      return null
    }
  }
  var theme = chosen()
  if (theme === 'light' || theme === 'dark') root.setAttribute('data-theme', theme)

  /** The first cause is the one; others follow from it. */
  var told = null
  function tell(why, way) {
    told = told || why + ' ' + way
    var place = document.getElementById('why')
    if (!place) return
    root.setAttribute('data-visit', 'other')
    place.setAttribute('role', 'alert')
    place.textContent = told
  }

  function tellMissing() {
    var name = missing()
    if (window.location.protocol === 'file:') {
      tell(
        'The page was opened as a file, and browsers start its code only from a web address.',
        'Serve its folder over http, for example by “python3 -m http.server” in it, and open the address that this names.',
      )
    } else if (name) {
      tell('This browser lacks ' + name + ', without which the page does not run.', 'It runs in ' + BROWSERS + '.')
    } else if (told) tell()
  }

  function tellFailed(event) {
    var source = event.target && (event.target.src || event.target.href)
    tellMissing()
    if (sandboxed()) {
      tell(
        'The page stands in a sandboxed frame, where its code may not be loaded.',
        'Open ' + window.location.href + ' in a tab of its own, or add “allow-same-origin” to the frame’s sandbox.',
      )
    } else if (source) tell('A part of the page did not come: ' + source + '.', 'Check the connection. ' + AGAIN)
    else {
      var reason = event.reason || event.error || event
      tell('The page could not start: ' + (reason.message || reason) + '.', AGAIN + ' It runs in ' + BROWSERS + '.')
    }
  }

  // Where a policy asks for trusted types: scripts and workers of this site are, and nothing else is.
  if (window.trustedTypes) {
    window.trustedTypes.createPolicy('default', {
      createScriptURL: function (url) {
        return new URL(url, window.location.href).origin === window.location.origin ? url : null
      },
    })
  }

  // A script or stylesheet that does not come is told to itself only, on the way down.
  window.addEventListener('error', tellFailed, true)
  window.addEventListener('unhandledrejection', tellFailed)
  document.addEventListener('DOMContentLoaded', tellMissing)
})()
