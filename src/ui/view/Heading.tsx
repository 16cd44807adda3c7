/** The sentence, which is the page's heading; where a view hides it, the page is headed by its name for those who listen. */
import { Region } from '../app/Region'
import { Sentence } from '../stage/Sentence'
import { usePart } from './Part'

export function Heading() {
  if (usePart('sentence') === 'hidden') return <h1 className="sr-only">Guidance Playground</h1>
  return (
    <Region name="The sentence">
      <Sentence />
    </Region>
  )
}
