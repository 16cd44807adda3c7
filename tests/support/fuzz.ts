/** How often a property is tried: a little and always the same in `npm test`, as often and as differently as asked in `npm run fuzz`. */

const given = (name: string): number | null => {
  const value = Number(process.env[name] ?? NaN)
  return Number.isInteger(value) && value >= 0 ? value : null
}

/** `runs`: in `npm test`. */
export const tries = (runs: number) => ({ numRuns: given('FUZZ_RUNS') ?? runs, seed: given('FUZZ_SEED') ?? 15 })
