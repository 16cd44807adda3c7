// A build plugin for what other sites show of the page beside a link to it: OpenGraph and oEmbed. Both want whole addresses, which
// only whoever builds knows: SITE_URL says where the site will stand. Without it what needs none is written.
// @ts-check
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const TITLE = 'Guidance Playground'
const CARD = { file: 'card.png', width: 1200, height: 630 }
const ALT = 'Positive, negative and guided image, under the equation guided = positive + s · (positive − negative)'
/** Of the embed that others make of a link. */
const EMBED = { width: 720, height: 480 }
const OEMBED = 'oembed.json'

/**
 * The address of the site, ending in a slash; null where it was not said. Throws where it is none.
 * @param {string | undefined} said
 */
export function siteAddress(said) {
  if (said === undefined || said.trim() === '') return null
  const address = URL.canParse(said.trim()) ? new URL(said.trim()) : null
  if (!address || !/^https?:$/.test(address.protocol) || address.search !== '' || address.hash !== '')
    throw new Error(
      `SITE_URL must be the address of the site, such as https://name.github.io/guidance-playground/, not ${said}`,
    )
  return address.href.replace(/\/?$/, '/')
}

/**
 * What the oEmbed format (version 1.0, oembed.com) says of the page. A static host gives it for every address of the page alike.
 * @param {string} site
 */
export function oembedOf(site) {
  return {
    version: '1.0',
    type: 'rich',
    title: TITLE,
    provider_name: TITLE,
    provider_url: site,
    ...EMBED,
    html: `<iframe src="${site}#embed=1" title="${TITLE}" width="${EMBED.width}" height="${EMBED.height}" style="border: 0" loading="lazy" allow="fullscreen; clipboard-write"></iframe>`,
    thumbnail_url: site + CARD.file,
    thumbnail_width: CARD.width,
    thumbnail_height: CARD.height,
  }
}

/**
 * The tags of the page's head.
 * @param {string} description
 * @param {string | null} site
 * @returns {import('vite').HtmlTagDescriptor[]}
 */
export function tagsOf(description, site) {
  const meta = [
    ['og:type', 'website'],
    ['og:title', TITLE],
    ['og:description', description],
    ...(site === null
      ? []
      : [
          ['og:url', site],
          ['og:image', site + CARD.file],
          ['og:image:width', String(CARD.width)],
          ['og:image:height', String(CARD.height)],
          ['og:image:alt', ALT],
        ]),
  ]
  return [
    ...meta.map(([property = '', content = '']) => ({ tag: 'meta', attrs: { property, content } })),
    ...(site === null
      ? []
      : [
          { tag: 'meta', attrs: { name: 'twitter:card', content: 'summary_large_image' } },
          {
            tag: 'link',
            attrs: { rel: 'alternate', type: 'application/json+oembed', href: site + OEMBED, title: TITLE },
          },
        ]),
  ]
}

/** @returns {import('vite').Plugin} */
export function siteCards() {
  const site = siteAddress(process.env.SITE_URL)
  return {
    name: 'site-cards',
    apply: 'build',
    transformIndexHtml: (html) => {
      const description = /<meta name="description" content="([^"]*)"/.exec(html)?.[1]
      if (description === undefined) throw new Error('index.html has no description for other sites to show')
      return tagsOf(description, site)
    },
    writeBundle({ dir = 'dist' }) {
      if (site !== null) writeFileSync(join(dir, OEMBED), `${JSON.stringify(oembedOf(site), null, 2)}\n`)
    },
  }
}
