// `npm run registries`: writes `index.generated.ts` of every registry folder, the list of what its files export; `--check`
// writes nothing and fails when one is stale. Node has no `import.meta.glob`, so the list has to be a file.
// Convention: the file `any-pair.ts` of such a folder exports a value named `anyPair`, of the registry's type.
// @ts-check
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {{ folder: string, name: string, type: string, from: string }} Registry
 * `name`: of the list that is exported; `type`: of one entry, imported `from` there (relative to the folder).
 */

/** Every registry folder, one a line. @type {readonly Registry[]} */
export const REGISTRIES = [
  { folder: 'src/cli/bench/figures', name: 'figures', type: 'Figure', from: '../figure' },
  { folder: 'src/evaluation/features/protocols', name: 'protocols', type: 'FeatureProtocol', from: '../protocol' },
  { folder: 'src/guidance/methods', name: 'definitions', type: 'MethodDefinition', from: '../types' },
  { folder: 'src/guidance/provenances', name: 'provenances', type: 'Provenance', from: '../provenance' },
  { folder: 'src/model/inputs', name: 'meanings', type: 'InputMeaning', from: '../input' },
  { folder: 'src/model/predictions', name: 'predictions', type: 'PredictionKind', from: '../prediction' },
  { folder: 'src/model/schedules', name: 'schedules', type: 'ScheduleKind', from: '../schedule' },
  { folder: 'src/model/sources', name: 'sources', type: 'ConfigSource', from: '../source' },
  { folder: 'src/network/rewrites', name: 'rewrites', type: 'Rewrite', from: '../rewrite' },
  { folder: 'src/numbers/numbers', name: 'numbers', type: 'StepNumber', from: '../number' },
  { folder: 'src/ui/ablations/article', name: 'ablations', type: 'Ablation', from: '../ablation' },
  { folder: 'src/runner/ops', name: 'definitions', type: 'Operator', from: '../operator' },
  { folder: 'src/sampling/solvers', name: 'solvers', type: 'Solver', from: '../solver' },
  { folder: 'src/ui/compare/ways', name: 'ways', type: 'Way', from: '../way' },
  { folder: 'src/ui/lens/plots', name: 'plots', type: 'Plot', from: '../plot' },
  { folder: 'src/ui/rooms/article/sections', name: 'sections', type: 'Section', from: '../section' },
  { folder: 'src/ui/rooms/measured/claims', name: 'claims', type: 'Claim', from: '../claim' },
  { folder: 'src/ui/rooms/measured/shapes', name: 'shapes', type: 'Shape', from: '../shape' },
  { folder: 'src/ui/share/ways', name: 'ways', type: 'ShareWay', from: '../way' },
  { folder: 'src/worker/backends', name: 'definitions', type: 'BackendDefinition', from: '../backend' },
]

const ROOT = join(import.meta.dirname, '..', '..')
const INDEX = 'index.generated.ts'

/** @param {string} file */
const stem = (file) => file.replace(/\.tsx?$/, '')

/**
 * @param {string} what
 * @param {string} module
 */
const importLine = (what, module) => ['import', what, 'from', `'${module}'`].join(' ')

/** The export's name that a file's name stands for: `any-pair.ts` → `anyPair`. @param {string} file */
export function exportName(file) {
  return stem(file).replace(/-+(\w)/g, (_, letter) => letter.toUpperCase())
}

/**
 * Text of a registry's index. Throws where a file doesn't keep to the convention.
 * @param {Registry} registry
 * @param {string} [root]
 */
export function indexText({ folder, name, type, from }, root = ROOT) {
  const files = readdirSync(join(root, folder))
    .filter((file) => /^[a-z][a-z0-9-]*\.tsx?$/.test(file) && file !== 'index.ts')
    .sort((a, b) => (stem(a) < stem(b) ? -1 : 1))
  const names = files.map((file) => {
    const wanted = exportName(file)
    const text = readFileSync(join(root, folder, file), 'utf8')
    if (!new RegExp(`^export (const|function|async function) ${wanted}\\b`, 'm').test(text))
      throw new Error(
        `${folder}/${file} must export the ${type} ${wanted}: files of this folder export what they are named after.`,
      )
    return wanted
  })
  return [
    '// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.',
    importLine(`type { ${type} }`, from),
    ...files.map((file, i) => importLine(`{ ${names[i]} }`, `./${stem(file)}`)),
    '',
    `export const ${name}: readonly ${type}[] = [`,
    ...names.map((entry) => `  ${entry},`),
    ']',
    '',
  ].join('\n')
}

/**
 * Indices that differ from what their folders say, as they should be.
 * @param {{ root?: string, registries?: readonly Registry[] }} [options]
 * @returns {{ file: string, text: string }[]}
 */
export function staleIndices({ root = ROOT, registries = REGISTRIES } = {}) {
  return registries.flatMap((registry) => {
    const file = `${registry.folder}/${INDEX}`
    const text = indexText(registry, root)
    const path = join(root, file)
    return existsSync(path) && readFileSync(path, 'utf8') === text ? [] : [{ file, text }]
  })
}

/** Writes every stale index and returns their paths. @param {Parameters<typeof staleIndices>[0]} [options] */
export function writeIndices(options) {
  const stale = staleIndices(options)
  for (const { file, text } of stale) writeFileSync(join(options?.root ?? ROOT, file), text)
  return stale.map(({ file }) => file)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const stale = staleIndices().map(({ file }) => file)
    if (stale.length > 0) console.error(`Stale: ${stale.join(', ')}. Run npm run registries and commit the result.`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    for (const file of writeIndices()) console.log(`Wrote ${file}`)
  }
}
