/** Keeps the site for visits without a network. */
import { siteVersion } from './site'

/** Has the service worker keep the site with the runtime that this device uses. Embedded pages leave that to the page itself. */
export async function keepSite(runtime: string): Promise<void> {
  // Undefined outside secure contexts, whatever the DOM types say.
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (!workers || siteVersion() === null || window.top !== window) return
  try {
    if (!workers.controller) await workers.register(new URL('isolation-worker.js', document.baseURI))
    const { active } = await workers.ready
    active?.postMessage({ keep: runtime })
  } catch (reason) {
    console.info('No service worker keeps the site:', reason)
  }
}
