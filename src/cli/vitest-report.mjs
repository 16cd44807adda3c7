// Counts the tests in a report of vitest's JSON reporter, such that nothing that went wrong counts as nothing; and says the counts.
// @ts-check

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/**
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @param {boolean} succeeded whether vitest's exit status was 0
 * @returns {Count} A file that could not be loaded, a fault outside any test, and a run of no test count as one failure each.
 */
export function countTests({ testResults }, succeeded) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const count = (/** @type {(status: string) => boolean} */ matches) =>
    tests.filter(({ status }) => matches(status)).length
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const passed = count((status) => status === 'passed')
  const failed = count((status) => status === 'failed') + broken.length
  const skipped = tests.length - passed - count((status) => status === 'failed')
  const unseen = failed === 0 && (!succeeded || passed === 0) ? 1 : 0
  return { passed, failed: failed + unseen, skipped }
}

/**
 * What a stage came to.
 * @param {Count} count
 */
export function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/**
 * What everything came to; its last line is `N passed, N failed` and nothing else, for programs that read it.
 * @param {Count} count
 */
export function verdict({ passed, failed, skipped }) {
  const left = skipped > 0 ? `${skipped} skipped, as said above.\n` : ''
  return `${left}${passed} passed, ${failed} failed`
}
