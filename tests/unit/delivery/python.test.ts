/** Which Python runs the recipe, and that none is no failure. */
import { afterEach, expect, test, vi } from 'vitest'
import { findPython } from '../../../src/cli/python.mjs'

afterEach(() => vi.unstubAllEnvs())

test('Debian’s comes before another on the path, and none is null', () => {
  vi.stubEnv('PYTHON', '')
  expect(findPython(() => true)).toBe('/usr/bin/python3')
  expect(findPython((python) => python === 'python3')).toBe('python3')
  expect(findPython(() => false)).toBeNull()
})

test('a chosen one is taken, or refused with what to do', () => {
  vi.stubEnv('PYTHON', '/opt/torch/bin/python')
  expect(findPython((python) => python === '/opt/torch/bin/python')).toBe('/opt/torch/bin/python')
  expect(() => findPython((python) => python === 'python3')).toThrow(
    /PYTHON is .*Install them for it, or leave PYTHON out/,
  )
  // Asked for real: there is no such program.
  vi.stubEnv('PYTHON', 'no-python-of-this-name')
  expect(() => findPython()).toThrow(/no-python-of-this-name/)
})
