/**
 * Builds what browser tests look at, once, before any of them runs, and tells them where it is: the site, the site with the
 * imitation of the engine (also with React's version for development), and the engine's test page.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildEnginePage } from '../../src/cli/engine-page'
import { buildSite } from '../../src/cli/site.mjs'
import { buildFakeSite } from './page/build-fake-site'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folders of the built pages. */
    site: string
    fakeSite: string
    developmentSite: string
    lab: string
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'guidance-pages-'))
  const fakeSite = join(folder, 'fake-site')
  const developmentSite = join(folder, 'development-site')
  const lab = join(folder, 'lab')
  await buildFakeSite(fakeSite, 'production')
  await buildFakeSite(developmentSite, 'development')
  await buildEnginePage({ root: join(import.meta.dirname, 'engine', 'page'), directory: lab, minify: false })
  // `npm test` has just built it.
  const ready = process.env['BUILT_SITE']
  project.provide('site', ready ? resolve(ready) : buildSite())
  project.provide('fakeSite', fakeSite)
  project.provide('developmentSite', developmentSite)
  project.provide('lab', lab)
  return () => rmSync(folder, { recursive: true, force: true })
}
