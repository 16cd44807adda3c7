/** How far a long command is, on stderr. */

/** Says on stderr how far it is and how long it takes: every ten seconds, and at the end. */
export function progress(total: number): (done: number) => void {
  const started = performance.now()
  let [told, first] = [started, -1]
  return (done) => {
    if (first < 0) first = done
    const now = performance.now()
    if (now - told < 10_000 && done < total) return
    told = now
    const rate = ((done - first) * 1000) / (now - started)
    const left = rate > 0 ? `, ${rate.toFixed(2)} a second, ${Math.ceil((total - done) / rate / 60)} min left` : ''
    process.stderr.write(`${done} of ${total} images${left}\n`)
  }
}
