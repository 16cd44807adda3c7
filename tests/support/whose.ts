/**
 * The controls are often ahead of the pictures, so each file of the page speaks of the settings that are wanted or of the
 * run that is shown; one that reads both says why. Pure: the test brings the texts.
 */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Readers of what the controls say: by the hook, or from the whole state. */
const WANTED = /\buseWanted\(|\bgetState\(\)\.settings\b|[{,]\s*settings\b[^=;]*\}\s*=\s*(?:\w+\.)*getState\(\)/
/** Readers of what the pictures are of. */
const SHOWN = /\buse(?:Shown|ShownSettings|Record|Map)\(|\brun: Run\b|(?:\.|[{,]\s*)(?:shown|settled)\b/
/** Settings from elsewhere, which the file can't know to be those of the pictures. */
const GIVEN = /\bsettings: Settings\b/
const WHY = /Reads both: [^.*]{20}/
/** The hooks themselves, and the slice. */
const MADE_OF = [
  'src/ui/app/store.ts',
  'src/ui/run/slice.ts',
  'src/ui/rooms/plane/use-plane.ts',
  'src/ui/rooms/lab/use-lab.ts',
]

/** Comments as they read, without the stars at the beginnings of their lines. */
const prose = (text: string) => text.replace(/\s+(?:\* )?/g, ' ')
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')

/** Files that mix the two, in sentences. */
export function mixes(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    if (MADE_OF.includes(path)) return []
    const bare = code(text)
    const shown = SHOWN.test(bare)
    const says = WHY.test(prose(text))
    const both = shown && WANTED.test(bare)
    const given = path.endsWith('.tsx') && shown && GIVEN.test(bare)
    return [
      ...(both && !says ? [`${path} reads what is wanted and what is shown, and does not say why`] : []),
      ...(!both && says ? [`${path} says why it reads both, and does not`] : []),
      ...(given ? [`${path} reads what is shown, and is given settings of which nobody knows whose`] : []),
      ...(/from 'zustand'/.test(bare) ? [`${path} reads the state past the hooks`] : []),
    ]
  })
}
