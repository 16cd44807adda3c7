/** Dark and light: the system's choice unless the person makes one, which is remembered. */
import { useEffect, useSyncExternalStore } from 'react'
import type { Theme } from '../stage/pixels'
import type { ThemeChoice } from './shell'
import { usePage } from './store'

const KEY = 'theme'

export function storedTheme(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

export function storeTheme(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, choice)
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

const query = '(prefers-color-scheme: dark)'

const unknown = () => null

/** Whether a media query matches, kept up to date; null where the page is drawn before anybody sees it. */
export function useMedia(media: string): boolean | null {
  return useSyncExternalStore<boolean | null>(
    (changed) => {
      const list = window.matchMedia(media)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    () => window.matchMedia(media).matches,
    unknown,
  )
}

/** The theme in force. */
export function useTheme(): Theme {
  const choice = usePage((state) => state.shell.theme)
  const dark = useMedia(query)
  return choice === 'system' ? (dark ? 'dark' : 'light') : choice
}

/** Writes a choice to the document. */
export function writeTheme(choice: ThemeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = choice
}

/** Keeps the document at the choice in force. */
export function useThemeAttribute(): void {
  const choice = usePage((state) => state.shell.theme)
  useEffect(() => writeTheme(choice), [choice])
}
