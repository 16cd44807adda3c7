/** Which of a model's files a worker holds, so that nothing is sent twice and not too much is kept there. */
import type { Need } from '../../engine/needs'
import type { ModelFile } from '../../model/types'

export class HeldFiles {
  /** `budget`: bytes that a worker holds before the least recently used go. Storage keeps them all. */
  constructor(private readonly budget: number) {}

  /** Bytes by name, in order of use. */
  readonly #files = new Map<string, number>()

  add(files: readonly ModelFile[]): void {
    for (const { file, bytes } of files) this.#files.set(file, bytes)
  }

  /** Notes that files are used now, so that they are the last to be dropped. */
  touch(needs: readonly Need[]): void {
    for (const { file, bytes } of needs.flatMap(({ files }) => files)) {
      this.#files.delete(file)
      this.#files.set(file, bytes)
    }
  }

  missing(needs: readonly Need[]): readonly ModelFile[] {
    return needs.flatMap(({ files }) => files.filter(({ file }) => !this.#files.has(file)))
  }

  /** Forgets files until what is held stays within bounds, none of those needed, and returns their names. */
  drop(needed: ReadonlySet<string>): string[] {
    let held = [...this.#files.values()].reduce((sum, bytes) => sum + bytes, 0)
    const dropped: string[] = []
    for (const [file, bytes] of this.#files) {
      if (held <= this.budget) break
      if (needed.has(file)) continue
      this.#files.delete(file)
      held -= bytes
      dropped.push(file)
    }
    return dropped
  }
}
