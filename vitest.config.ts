import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], environment: 'node', testTimeout: 60_000 } },
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
      // Real Chromium driven by playwright-core against built pages.
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['tests/browser/global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
})
