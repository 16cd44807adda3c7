/** What the build plugin of `src/cli/parts.mjs` makes of an import: the addresses of the file's parts. */
declare module '*?parts' {
  const parts: readonly string[]
  export default parts
}
