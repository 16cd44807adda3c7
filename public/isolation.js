// Runs in the page before the application: where the host sends no cross-origin isolation headers (WASM threads need them),
// a service worker adds them, and the page is loaded once more through it. Where that cannot be, one thread remains.
;(async () => {
  // Embedded pages are isolated only if the page around them is: a reload would change nothing.
  if (window.crossOriginIsolated || window.top !== window) return
  // Absent over plain http and in some private windows. A page that came through the worker and is still not isolated is in
  // a browser that cannot be.
  const workers = navigator.serviceWorker
  if (!workers || workers.controller) return
  await workers.register(new URL('isolation-worker.js', document.currentScript.src))
  await workers.ready
  // Once for each tab: a forced reload goes around the worker, and some browsers might always.
  if (sessionStorage.getItem('reloaded-for-isolation')) return
  sessionStorage.setItem('reloaded-for-isolation', 'yes')
  window.location.reload()
})().catch((reason) => console.info('No service worker for cross-origin isolation:', reason))
