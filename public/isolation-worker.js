// Service worker that adds the cross-origin isolation headers to pages and worker scripts. It touches nothing else: models,
// ranges and everything that is fetched go straight to the network, so a download works as if it were not there.
const HEADERS = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

self.addEventListener('install', () => self.skipWaiting())

self.addEventListener('fetch', (event) => {
  const { request } = event
  const needsHeaders = request.mode === 'navigate' || request.destination === 'worker' || request.destination === 'sharedworker'
  if (needsHeaders) event.respondWith(isolated(request))
})

async function isolated(request) {
  const response = await fetch(request)
  // Redirects are opaque here and followed by the browser, which asks again.
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
