/** The sheets that were opened: kept while the window is open, also over a reload, and nowhere else. */
import { useCallback, useState } from 'react'
import { messageOf } from '../../../core/failure'
import { withoutTwins } from '../../../lesson'
import { readSheets, sheetFile, type Handed } from '../../../lesson'

const KEY = 'sheets'
/** A sheet is a few kilobytes. */
const LARGEST = 1_000_000

function stored(): readonly Handed[] {
  try {
    const texts: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
    return Array.isArray(texts) ? texts.flatMap((text) => readSheets(String(text), '').sheets) : []
  } catch {
    return []
  }
}

function store(sheets: readonly Handed[]) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(sheets.map(sheetFile)))
  } catch {
    // They then last as long as the page.
  }
}

async function textOf(file: File): Promise<string> {
  if (file.size > LARGEST) throw new Error(`${file.name} is too large to hold answers.`)
  return file.text()
}

export function useSheets() {
  const [sheets, setSheets] = useState(stored)
  const [problems, setProblems] = useState<readonly string[]>([])
  const set = useCallback(
    (next: (sheets: readonly Handed[]) => readonly Handed[]) =>
      setSheets((before) => {
        const after = next(before)
        store(after)
        return after
      }),
    [],
  )
  const addAll = useCallback(
    (read: readonly ReturnType<typeof readSheets>[]) => {
      setProblems(read.flatMap((one) => one.problems))
      set((before) => withoutTwins([...before, ...read.flatMap((one) => one.sheets)]))
    },
    [set],
  )
  const addText = useCallback((text: string) => addAll([readSheets(text, 'this text')]), [addAll])
  const addFiles = useCallback(
    (files: readonly File[]) => {
      const read = files.map((file) =>
        textOf(file).then(
          (text) => readSheets(text, file.name),
          (error: unknown) => ({ sheets: [], problems: [messageOf(error)] }),
        ),
      )
      void Promise.all(read).then(addAll)
    },
    [addAll],
  )
  const forget = useCallback(() => {
    setProblems([])
    set(() => [])
  }, [set])
  return { sheets, problems, addText, addFiles, forget }
}
