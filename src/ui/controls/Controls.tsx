/** The controls in the order of thought: what is wanted, what makes the negative worse, how hard to push, how to sample. */
import { Part } from '../view/Part'
import { OtherNegatives } from './OtherNegatives'
import { Sampler } from './Sampler'
import { Strength } from './Strength'
import { Wanted } from './Wanted'
import { Weights } from './Weights'
import { Worse } from './Worse'

/** A section goes with the last of its parts. */
export function Controls() {
  return (
    <>
      <Part name="model class seed samples">
        <Wanted />
      </Part>
      <Part name="method parameters layers measured">
        <Worse />
      </Part>
      <Part name="stack">
        <OtherNegatives />
      </Part>
      <Part name="network ema">
        <Weights />
      </Part>
      <Part name="rescale">
        <Strength />
      </Part>
      <Part name="steps solver">
        <Sampler />
      </Part>
    </>
  )
}
