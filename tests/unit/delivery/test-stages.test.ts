/** `npm test -- NAME`: which stages and test files a name stands for. */
import { describe, expect, it } from 'vitest'
import { chosen, STAGES, testFiles } from '../../../src/cli/test-stages.mjs'

const files = ['tests/unit/core/blur.test.ts', 'tests/unit/ui/axis.test.ts', 'tests/browser/page/axis.test.ts']
const plan = (...names: readonly string[]) => chosen(names, files).map(({ stage, filters }) => [stage.key, filters])

describe('npm test', () => {
  it('runs every stage, whole, where no name is given', () => {
    expect(plan()).toEqual(STAGES.map(({ key }) => [key, []]))
  })

  it('runs a stage by its key', () => expect(plan('lint')).toEqual([['lint', []]]))

  it('runs the files whose paths contain a name, in their stages, and builds the page for those in the browser', () => {
    expect(plan('core/blur')).toEqual([['unit', ['tests/unit/core/blur.test.ts']]])
    expect(plan('axis')).toEqual([
      ['build', []],
      ['browser', ['tests/browser/page/axis.test.ts']],
      ['unit', ['tests/unit/ui/axis.test.ts']],
    ])
  })

  it('runs a stage whole that is named beside files of it', () => {
    expect(plan('unit', 'blur')).toEqual([['unit', []]])
  })

  it('says which stages there are where a name stands for nothing', () => {
    expect(() => plan('nosuch')).toThrow(/nosuch.*unit/)
  })

  it('knows the test files there are', () => {
    expect(testFiles()).toContain('tests/unit/delivery/test-stages.test.ts')
    expect(testFiles().every((file) => file.endsWith('.test.ts'))).toBe(true)
  })
})
