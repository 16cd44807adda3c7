// Classic script that runs before the page's code: asks for what the engine's start needs, and draws the stored pictures into the
// page as the build has drawn it. What was asked for the application takes over, so that nothing is fetched twice.
;(() => {
  const { early, location, performance } = window
  if (!early) return

  /** Files that a start needs and the hashes that they are kept by, by model, the default first. The build writes them in. */
  const STARTS = {}

  const picture = early.seen('./first-light.png')
  /** Draws positive, negative and guided, a picture under the other at the left of the atlas, into the first canvases. */
  async function draw() {
    const atlas = await (await picture).clone().blob()
    const { width, height } = await createImageBitmap(atlas)
    const [wide, high] = [width / 2, height / 3]
    const shell = () => document.getElementById('shell')
    while (!shell() && document.readyState === 'loading') await new Promise(requestAnimationFrame)
    const canvases = [...(shell()?.querySelectorAll('figure canvas') ?? [])].slice(0, 3)
    for (const [row, canvas] of canvases.entries()) {
      // Cut out before it is enlarged, or its edges would be mixed with its neighbours'.
      const image = await createImageBitmap(atlas, 0, row * high, wide, high)
      const box = canvas.getBoundingClientRect()
      canvas.width = Math.min(8 * wide, Math.round(box.width * devicePixelRatio)) || wide
      canvas.height = Math.min(8 * high, Math.round(box.height * devicePixelRatio)) || high
      const context = canvas.getContext('2d')
      context.imageSmoothingQuality = 'high'
      context.drawImage(image, 0, 0, canvas.width, canvas.height)
    }
  }
  /** A graphics processor is looked for while all else loads: where there is none, that takes a moment. */
  async function noGpu() {
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
  askForModel().catch(() => undefined)

  // Without them their places stay empty, until the application draws its own.
  if (picture) draw().catch(() => undefined)
})()
