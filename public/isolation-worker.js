// The page's one service worker. It adds the cross-origin isolation headers to pages and worker scripts, and keeps the site for
// visits without a network. Model files and ranges go past it: the page keeps those itself, by their hash.
const HEADERS = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

/** SHA-256 by path: of what every visit needs, and of each runtime. The build writes them in. */
const SITE = { version: '', files: {}, runtimes: {} }

const PREFIX = 'guidance-playground-site-'
const OWN = PREFIX + SITE.version
/** A page that has not come by then is taken from what is kept. */
const PATIENCE_MS = 4000
/** Under assets/ a name carries the hash of the content, so such a file is right for any version that asks for it. */
const named = (path) => path.startsWith('assets/')
const addressOf = (path) => new URL(path, self.registration.scope).href

self.addEventListener('install', () => self.skipWaiting())

self.addEventListener('message', (event) => {
  const { keep } = event.data ?? {}
  if (keep in SITE.runtimes) event.waitUntil(keepSite(keep).catch((reason) => console.info('Not kept for offline:', reason)))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { href, origin, pathname, searchParams } = new URL(request.url)
  const scope = new URL(self.registration.scope)
  const own = origin === scope.origin && pathname.startsWith(scope.pathname)
  const path = own ? pathname.slice(scope.pathname.length) : null
  const navigates = request.mode === 'navigate'
  const worker = request.destination === 'worker' || request.destination === 'sharedworker'
  const whole = path !== null && request.method === 'GET' && !request.headers.has('Range')
  let answer = null
  if (navigates && (path === '' || path === 'index.html')) answer = () => page(request)
  else if (whole && named(path)) answer = () => asset(request, href)
  else if (whole && path in SITE.files) answer = () => plain(request, path, searchParams.get('v'))
  else if (navigates || worker) answer = () => fetch(request)
  if (answer) event.respondWith(navigates || worker ? isolated(answer) : answer())
})

async function isolated(answer) {
  const response = await answer()
  // Redirects are opaque here and followed by the browser, which asks again.
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/** The page as the host has it now, with the files that it names itself; what is kept where the host does not answer. */
async function page(request) {
  const kept = await keptPage()
  if (!kept) return fetch(request)
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS))
  const response = await Promise.race([fetch(request), late]).catch(() => null)
  return response && response.status < 500 ? response : kept
}

/** Of the newest version that is kept whole. */
async function keptPage() {
  for (const name of [OWN, ...(await siteCaches()).reverse()]) {
    const kept = await (await caches.open(name)).match(addressOf(''))
    if (kept) return kept
  }
  return null
}

async function asset(request, href) {
  return (await caches.match(href)) ?? fetch(request)
}

/** A file whose name stays while its content changes: of the version that the page says it is, or the host's. */
async function plain(request, path, version) {
  const cache = version !== null && (await caches.has(PREFIX + version)) ? await caches.open(PREFIX + version) : null
  const kept = await cache?.match(addressOf(path))
  if (kept) return kept
  try {
    return await fetch(request)
  } catch (error) {
    const last = await (await caches.open(OWN)).match(addressOf(path))
    if (last) return last
    throw error
  }
}

/** Names of the sites that are kept, the oldest first. */
async function siteCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX))
}

let keeping = Promise.resolve()
/** Keeps this version with a runtime, one file after the other, and drops all but the version before, which may still be open. */
function keepSite(runtime) {
  keeping = keeping.catch(() => {}).then(async () => {
    const cache = await caches.open(OWN)
    const { '': page, ...files } = SITE.files
    for (const [path, hash] of Object.entries({ ...files, ...SITE.runtimes[runtime] })) await keepFile(cache, path, hash)
    // The page comes last: a version that has it has everything.
    await keepFile(cache, '', page)
    const others = (await siteCaches()).filter((name) => name !== OWN)
    for (const name of others.slice(0, -1)) await caches.delete(name)
  })
  return keeping
}

async function keepFile(cache, path, hash) {
  const address = addressOf(path)
  if (await cache.match(address)) return
  const before = named(path) && (await caches.match(address))
  if (before) return cache.put(address, before)
  // Asked for by its other name, the page is no visit.
  const response = await fetch(path === '' ? addressOf('index.html') : address, { cache: named(path) ? 'default' : 'no-cache' })
  const bytes = await response.arrayBuffer()
  // A host that writes into pages leaves their version as it is.
  const right = path === '' ? new TextDecoder().decode(bytes).includes(SITE.version) : (await sha256(bytes)) === hash
  if (!response.ok || !right) throw new Error(`${address} is not of this version`)
  await cache.put(address, new Response(bytes, { headers: { 'Content-Type': response.headers.get('Content-Type') ?? '' } }))
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
