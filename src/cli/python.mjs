// Finds a Python that can train and export the networks, for the recipe's check.
// @ts-check
import { spawnSync } from 'node:child_process'

/** Debian's packages are Debian's own Python's only, whatever other Python comes first on the path. */
const COMMANDS = ['/usr/bin/python3', 'python3']

/**
 * A Python with PyTorch and onnx: PYTHON, else the usual ones; null where there is none.
 * @param {(python: string) => boolean} [able] whether a command is such a Python
 * @returns {string | null}
 * @throws {Error} where PYTHON names none
 */
export function findPython(able = hasPyTorch) {
  const chosen = process.env['PYTHON']
  if (!chosen) return COMMANDS.find(able) ?? null
  if (!able(chosen))
    throw new Error(
      `PYTHON is ${chosen}, which is no Python with torch and onnx. Install them for it, or leave PYTHON out.`,
    )
  return chosen
}

/** @param {string} python */
function hasPyTorch(python) {
  return spawnSync(python, ['-c', 'import numpy, onnx, torch'], { stdio: 'ignore' }).status === 0
}
