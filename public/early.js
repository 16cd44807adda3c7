// Classic script that runs before the page's code: asks for what the application and the engine's start need, once the page as
// the build has drawn it stands, since asking takes a slow processor as long as drawing. What was asked for the application takes
// over, so that nothing is fetched twice.
;(() => {
  const { early, location, performance } = window
  if (!early) return

  /** Files that a start needs and the hashes that they are kept by, by model, the default first. The build writes them in. */
  const STARTS = {}

  /** When the drawn page stands: at once where this address has none or nobody sees it, and where that is not told, in a second. */
  const stands = new Promise((resolve) => {
    if (document.documentElement.dataset.visit === 'other' || document.visibilityState === 'hidden') resolve()
    setTimeout(resolve, 1000)
    new PerformanceObserver((paints) => {
      if (paints.getEntriesByName('first-contentful-paint').length > 0) resolve()
    }).observe({ type: 'paint', buffered: true })
  })

  async function askForStored() {
    await stands
    if (location.hash === '') for (const address of ['./first-light.png', './first-light.json']) early.ask(address)
  }

  /** A graphics processor is looked for while all else loads: where there is none, that takes a moment. */
  async function noGpu() {
    await stands
    if (!navigator.gpu) return 'unoffered'
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) return 'unfound'
    return adapter.info.isFallbackAdapter ? 'software' : null
  }
  const late = new Promise((resolve) => setTimeout(resolve, 5000, null))
  early.noGpu = Promise.race([noGpu().catch(() => null), late])

  /** Whether `isolation.js` is about to load the page anew. */
  function reloads() {
    if (window.crossOriginIsolated || window.top !== window) return false
    if (!navigator.serviceWorker || navigator.serviceWorker.controller) return false
    return !sessionStorage.getItem('reloaded-for-isolation')
  }

  /** The page's own code goes before: they are many times larger. */
  function codeCame() {
    const links = [...document.querySelectorAll('link[rel=modulepreload]')]
    const coming = links.filter(({ href }) => performance.getEntriesByName(href).length === 0)
    return Promise.all(
      coming.map((link) => new Promise((resolve) => ['load', 'error'].forEach((event) => link.addEventListener(event, resolve)))),
    )
  }

  async function askForModel() {
    await stands
    const wanted = new URLSearchParams(location.hash.replace(/^#/, ''))
    if (wanted.has('room') || reloads()) return
    const id = wanted.get('model') ?? Object.keys(STARTS)[0]
    await codeCame()
    for (const [file, hash] of STARTS[id] ?? []) {
      // By the key of `src/storage/model-files.ts`.
      if (await window.caches?.match(new URL(`/models-by-hash/${id}/${hash}`, location.origin).href)) continue
      const link = document.createElement('link')
      Object.assign(link, { rel: 'preload', as: 'fetch', crossOrigin: '', href: `./models/${id}/${file}` })
      document.head.append(link)
    }
  }
  askForStored().catch(() => undefined)
  askForModel().catch(() => undefined)
})()
