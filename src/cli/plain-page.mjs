// A text as a page that every host knows the type of: no styles of its own, the lines as they stand.
// @ts-check

/**
 * @param {string} title
 * @param {string} text
 */
export function plainPage(title, text) {
  const escaped = (/** @type {string} */ raw) =>
    raw.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign)
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(title)}</title>
  </head>
  <body><pre>${escaped(text)}</pre></body>
</html>
`
}
