import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that run the real engine take longest, so they begin first; those of the page fill the rest. */
class RealEngineFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const late = ({ moduleId }: TestSpecification) => (/\/browser\/page\/(?!accessibility)/.test(moduleId) ? 1 : 0)
    return [...(await super.sort(files))].sort((a, b) => late(a) - late(b))
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: RealEngineFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          // Files share the modules that they test: none keeps anything, and each would be loaded again for every file.
          isolate: false,
        },
      },
      // Only where the recipe of the networks has run, as in `npm test` with PyTorch at hand.
      ...(process.env['RECIPE']
        ? [
            {
              test: {
                name: 'recipe',
                include: ['tests/recipe/**/*.test.ts'],
                environment: 'node' as const,
                testTimeout: 60_000,
              },
            },
          ]
        : []),
      // Only where the exports have been made, as in `npm test`, or by `npm run exports -- OUT` with EXPORTS=OUT.
      ...(process.env['EXPORTS']
        ? [
            {
              test: {
                name: 'exports',
                include: ['tests/exports/**/*.test.ts'],
                environment: 'node' as const,
                testTimeout: 60_000,
                isolate: false,
              },
            },
          ]
        : []),
      // Real Chromium driven by playwright-core against built pages.
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['tests/browser/global-setup.ts'],
          testTimeout: 240_000,
          isolate: false,
          hookTimeout: 240_000,
        },
      },
    ],
  },
})
