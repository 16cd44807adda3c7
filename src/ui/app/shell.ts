/** How the page as a whole looks: its colours, and whether it stands before an audience. */
export type ThemeChoice = 'system' | 'light' | 'dark'

export interface ShellSlice {
  readonly theme: ThemeChoice
  /** On a small screen: whether the equation and its numbers are seen. */
  readonly more: boolean
}

export function shellSlice(theme: ThemeChoice): ShellSlice {
  return { theme, more: false }
}
