/** The controls in the order of thought: what is wanted, what makes the negative worse, how hard to push, how to sample. */
import { OtherNegatives } from './OtherNegatives'
import { Sampler } from './Sampler'
import { Strength } from './Strength'
import { Wanted } from './Wanted'
import { Weights } from './Weights'
import { Worse } from './Worse'

export function Controls() {
  return (
    <>
      <Wanted />
      <Worse />
      <OtherNegatives />
      <Weights />
      <Strength />
      <Sampler />
    </>
  )
}
