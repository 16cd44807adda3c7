/** Has the site built before any browser test runs, and tells the tests where it is. */
import { resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildSite } from '../../src/cli/site.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built site. */
    site: string
  }
}

export default function setup(project: TestProject): void {
  // `npm test` has just run `npm run build` and tests exactly that.
  const ready = process.env['BUILT_SITE']
  project.provide('site', ready ? resolve(ready) : buildSite())
}
