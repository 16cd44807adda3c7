/** What was dropped, folders with all that is in them, as files with paths. */
import type { BroughtFile } from '../../worker/opener/files'

/** A folder of more is none of a network: a whole disk may have been dropped by mistake. */
const MOST_FILES = 400
const DEEPEST = 8

const listed = (reader: FileSystemDirectoryReader) =>
  new Promise<readonly FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))

async function filesOf(entry: FileSystemEntry, found: BroughtFile[], depth: number): Promise<void> {
  if (found.length >= MOST_FILES || depth > DEEPEST) return
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    found.push({ path: entry.fullPath.replace(/^\//, ''), file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // A reader gives some at a time.
  for (;;) {
    const some = await listed(reader)
    if (some.length === 0) return
    for (const one of some) await filesOf(one, found, depth + 1)
  }
}

/** Rejects where the browser can't read them. */
export async function filesIn(brought: readonly (File | FileSystemEntry)[]): Promise<readonly BroughtFile[]> {
  const found: BroughtFile[] = []
  for (const one of brought) {
    if (one instanceof File) found.push({ path: one.webkitRelativePath || one.name, file: one })
    else await filesOf(one, found, 0)
  }
  return found
}
