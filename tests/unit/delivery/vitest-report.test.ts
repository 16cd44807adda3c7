/** `npm test` cannot pass over a failure, whichever way vitest reports it. */
import { expect, test } from 'vitest'
import { countTests, sentence, verdict } from '../../../src/cli/vitest-report.mjs'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})

test('tests are summed over files', () => {
  const testResults = [file('passed', 'passed', 'passed', 'pending'), file('failed', 'failed', 'passed')]
  expect(countTests({ testResults }, false)).toEqual({ passed: 3, failed: 1, skipped: 1 })
})

test('a file that cannot be loaded counts as a failure, beside others too', () => {
  expect(countTests({ testResults: [file('failed'), file('failed', 'failed')] }, false)).toEqual({
    passed: 0,
    failed: 2,
    skipped: 0,
  })
  expect(countTests({ testResults: [file('failed', 'passed'), file('passed', 'passed')] }, false)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 0,
  })
})

test('a run that failed outside its tests, and a run of no test, are failures', () => {
  expect(countTests({ testResults: [file('passed', 'passed')] }, false)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  expect(countTests({ testResults: [] }, true)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  expect(countTests({ testResults: [file('passed', 'skipped')] }, true)).toEqual({ passed: 0, failed: 1, skipped: 1 })
  expect(countTests({ testResults: [file('passed', 'passed')] }, true)).toEqual({ passed: 1, failed: 0, skipped: 0 })
})

test('the last line is the same for a machine that skips', () => {
  expect(verdict({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
  expect(verdict({ passed: 3, failed: 1, skipped: 2 }).split('\n')).toEqual([
    '2 skipped, as said above.',
    '3 passed, 1 failed',
  ])
  expect(sentence({ passed: 0, failed: 0, skipped: 1 })).toBe('0 passed, 0 failed, 1 skipped')
})
