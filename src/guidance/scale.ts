/** How low the scale of a method goes. Imports nothing of the settings, which read it. */

/** The scale of plain guidance at which D is the negative: D⁺ − (D⁺ − D⁻). */
export const NEGATIVE_ITSELF = -1

/** The lowest scale of a method; see `oneWay`. */
export function lowestScale({ oneWay }: { readonly oneWay?: string }): number {
  return oneWay === undefined ? NEGATIVE_ITSELF : 0
}

/** Whether only the first term's difference acts on D: no rescale and no further term, so that s = −1 is the negative. */
export function actsAlone({
  rescale,
  stack,
}: {
  readonly rescale: number
  readonly stack: readonly unknown[]
}): boolean {
  return rescale === 0 && stack.length === 0
}
