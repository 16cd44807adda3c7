/** The article's ablations, in the order of the menu. */
import type { Ablation } from './ablation'
import { ablations } from './article/index.generated'

export const ABLATIONS: readonly Ablation[] = [...ablations].sort((a, b) => a.order - b.order)
