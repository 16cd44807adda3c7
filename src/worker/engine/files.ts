/** The model's files that the page has sent, by name. */
export class ReceivedFiles {
  readonly #bytes = new Map<string, Uint8Array>()

  add(files: Readonly<Record<string, Uint8Array>>): void {
    for (const [name, bytes] of Object.entries(files)) this.#bytes.set(name, bytes)
  }

  drop(names: readonly string[]): void {
    for (const name of names) this.#bytes.delete(name)
  }

  get(name: string): Uint8Array {
    const bytes = this.#bytes.get(name)
    if (!bytes) throw new Error(`the file ${name} has not come`)
    return bytes
  }
}
