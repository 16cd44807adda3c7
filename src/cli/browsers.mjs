// The oldest browsers that the page is built for: those of November 2022, or the first that can run its engine.
// @ts-check

/** Firefox starts workers from modules since 114; Safari has vectors in WebAssembly since 16.4. `public/start.js` and `src/worker/cause.ts` name them too. */
export const OLDEST = { chrome: '108', edge: '108', firefox: '114', safari: '16.4', ios: '16.4' }

/** The same for compilers of scripts and styles. */
export const TARGET = Object.entries(OLDEST).map(([name, version]) => name + version)
