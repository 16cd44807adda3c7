import { readingsOf, ROWS } from '../acts'
import type { Figure } from '../figure'
import { nextSeed } from '../gestures'
import { type Act, STEPS } from '../visitor'

/** Its last pass alone, from what the engine told before its first step. */
function lastPass({ heard, began }: Act): { readonly from: number; readonly to: number } | null {
  const first = heard.findIndex(({ kind, steps }) => kind === 'step' && steps === STEPS)
  const last = heard.filter(({ kind }) => kind === 'finished').at(-1)
  return first < 0 || !last ? null : { from: heard[first - 1]?.at ?? began, to: last.at }
}

export const wholeRun: Figure = {
  id: 'whole-run',
  title: 'Whole run',
  order: 1,
  rounds: Infinity,
  note: `Another seed: ${STEPS} steps of PAG, three pictures.`,
  async measure(visitor) {
    const page = await visitor.play()
    const act = await visitor.act(page, () => nextSeed(page))
    await visitor.rest()
    const pass = lastPass(act)
    return [
      ...readingsOf(act, { from: 'click', rows: ROWS.whole }),
      { line: 'the full pass alone', unit: 'ms', value: pass && pass.to - pass.from, goals: [{ times: 2.5 }] },
      {
        line: 'the full pass alone, CPU',
        unit: 'ms',
        value: pass && act.used(pass.from, pass.to),
        goals: [{ times: 2.5 }],
      },
    ]
  },
}
