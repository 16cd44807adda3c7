/** What tells a browser's sheet of a lesson from all others, so that it is counted once however often it is handed in. */
const KEY = 'lesson sheet '

const fresh = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(36).padStart(2, '0')).join('')

const drawn = new Map<string, string>()

/** Of the lesson with this id; the same each time. */
export function sheetOf(lesson: string): string {
  try {
    const kept = localStorage.getItem(`${KEY}${lesson}`)
    if (kept !== null && /^[a-z0-9]{1,20}$/.test(kept)) return kept
  } catch {
    // Storage may be forbidden; then it lasts as long as the page.
  }
  const sheet = drawn.get(lesson) ?? fresh()
  drawn.set(lesson, sheet)
  try {
    localStorage.setItem(`${KEY}${lesson}`, sheet)
  } catch {
    // As above.
  }
  return sheet
}
