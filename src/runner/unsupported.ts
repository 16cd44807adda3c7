/** What this runner does not compute: another runtime has to. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported'
}
