/** What the build plugin of `src/cli/prerender.mjs` writes: the styles of the page as it has drawn it. */
declare module 'virtual:shell.css'
