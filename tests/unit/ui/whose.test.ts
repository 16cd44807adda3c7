/** No part of the page mixes the settings of the controls with those of the pictures: whoever reads both says why. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mixes } from '../../support/whose'

const root = join(import.meta.dirname, '..', '..', '..')
const files = execFileSync('git', ['ls-files', '-z', '-c', '-o', '--exclude-standard', 'src/ui'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => /\.tsx?$/.test(path) && existsSync(join(root, path)))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

it('no file of the page reads both without saying why', () => {
  expect(files.length).toBeGreaterThan(150)
  expect(mixes(files)).toEqual([])
})

const SAYS = '/** Reads both: a long enough sentence says what it compares. */\n'

it.each([
  ['hooks', 'const s = useWanted((own) => own)\nconst run = useShown((one) => one)', 'does not say why'],
  ['a step', 'const s = useWanted((own) => own)\nconst record = useRecord()', 'does not say why'],
  ['the state at a click', 'const { settings, model } = session.store.getState()\ncopy(run.shown)', 'does not say why'],
  ['a state of its own', 'begin(getState().settings)\nconst { shown } = getState().run', 'does not say why'],
  ['too short a reason', '// Reads both: yes.\nuseWanted((own) => own)\nuseRecord()', 'does not say why'],
  ['a reason that nothing needs', `${SAYS}useWanted((own) => own)`, 'and does not'],
  ['settings from a parent', 'interface Props { readonly settings: Settings }\nuseRecord()', 'nobody knows whose'],
  ['the store itself', "import { useStore } from 'zustand'", 'past the hooks'],
])('finds %s', (_, text, fault) => {
  expect(mixes([{ path: 'src/ui/a.tsx', text }])).toEqual([expect.stringContaining(fault)])
})

it.each([
  ['one that says why', `${SAYS}useWanted((own) => own)\nuseRecord()`],
  ['words about the other', '// What is shown.\nuseWanted((own) => own)'],
  ['settings of a run', 'const { settings } = run\nuseRecord()'],
])('lets %s be', (_, text) => expect(mixes([{ path: 'src/ui/a.tsx', text }])).toEqual([]))
