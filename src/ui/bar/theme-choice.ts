/** The three choices of a theme, and going from one to the next. */
import type { Session } from '../app/session'
import type { ThemeChoice } from '../app/shell'
import { storeTheme } from '../app/theme'
import { dropTheme } from '../view/follow'

const NEXT_THEME: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' }

export const THEME_NAME: Record<ThemeChoice, string> = { system: 'Auto', light: 'Light', dark: 'Dark' }

export function nextTheme(session: Session, theme: ThemeChoice): void {
  dropTheme()
  storeTheme(NEXT_THEME[theme])
  session.set({ shell: { theme: NEXT_THEME[theme] } })
}
