/** The tree of another commit in a cache folder, with its packages: what this tree is compared with. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../site.mjs'
import { UsageError } from '../usage'

const TREES = join(ROOT, '.cache', 'bench', 'trees')

/** The commit's short name. Throws UsageError where there is none. */
function resolve(commit: string): string {
  const found = spawnSync('git', ['rev-parse', '--verify', '--short', `${commit}^{commit}`], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  if (found.status !== 0)
    throw new UsageError(`--against ${commit}: this repository has no such commit; git log lists those that there are`)
  return found.stdout.trim()
}

/** Linked, not copied, where both want the same packages; else `npm start` of the other tree installs its own. */
function sharePackages(tree: string): void {
  const lock = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8')
  if (lock(tree) !== lock(ROOT)) return
  const linked = spawnSync('cp', ['-al', join(ROOT, 'node_modules'), join(tree, 'node_modules')], { stdio: 'ignore' })
  if (linked.status !== 0) rmSync(join(tree, 'node_modules'), { recursive: true, force: true })
}

/** A worktree of a commit, made once. It has to be one: styles are made of the files that git does not ignore. */
export function treeOf(wanted: string): { readonly commit: string; readonly root: string } {
  const commit = resolve(wanted)
  const root = join(TREES, commit)
  if (existsSync(root)) return { commit, root }
  mkdirSync(TREES, { recursive: true })
  // Forced, since git remembers a worktree whose folder somebody removed.
  execFileSync('git', ['worktree', 'add', '--quiet', '--force', '--detach', root, commit], { cwd: ROOT })
  sharePackages(root)
  return { commit, root }
}
