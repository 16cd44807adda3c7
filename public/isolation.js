// Runs in the page before the application: where the host sends no cross-origin isolation headers (WASM threads need them),
// a service worker adds them, and the page is loaded once more through it. Where that cannot be, one thread remains.
;(async () => {
  const MARK = 'isolation-reload'
  if (window.crossOriginIsolated) return sessionStorage.removeItem(MARK)
  // Embedded pages are isolated only if the page around them is: a reload would change nothing.
  if (window.top !== window) return
  // Absent over plain http and in some private windows. A page that came through the worker and is still not isolated
  // has a browser that cannot be; then, and when this visit has reloaded before, it stays as it is.
  const workers = navigator.serviceWorker
  if (!workers || workers.controller || sessionStorage.getItem(MARK)) return
  await workers.register(new URL('isolation-worker.js', document.currentScript.src))
  await workers.ready
  sessionStorage.setItem(MARK, 'done')
  window.location.reload()
})().catch((reason) => console.info('No service worker for cross-origin isolation:', reason))
