/** Faults of a person's input, and how a command ends: with its output, or with one line that says what is wrong. */

/** A fault of the person's input: printed as one line, exit status 2. */
export class UsageError extends Error {}

/** The whole number that a flag is given. Throws UsageError. */
export function whole(name: string, text: string, min: number, max = 1e9): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max)
    throw new UsageError(
      `--${name} must be a whole number of at least ${min}${max < 1e9 ? ` and at most ${max}` : ''}, not ${text}`,
    )
  return value
}

/** Runs a command as a process: prints what it gives back, or why it failed (exit status 1, or 2 for wrong arguments). */
export async function runCommand(command: (argv: readonly string[]) => Promise<string>): Promise<void> {
  try {
    console.log(await command(process.argv.slice(2)))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // One line, whatever the file's own text or Node's wording holds.
    console.error(message.replaceAll(/\s*\n\s*/g, ' '))
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}
