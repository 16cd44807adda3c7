/** Texts that leave the page, as a file or by the clipboard. */
export async function download(text: string, type: string, name: string): Promise<void> {
  const share = await import('../share/share')
  share.download(new Blob([text], { type }), name)
}

/** Whether the browser allows it. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
