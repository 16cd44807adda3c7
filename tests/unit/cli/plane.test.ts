/** `npm run -s plane`: what it prints of the points, and what it says of links that it can't read. */
import { expect, it } from 'vitest'
import { plane } from '../../../src/cli/plane'
import { UsageError } from '../../../src/cli/usage'

it('says of each link what is measured of its points', async () => {
  const said = await plane(['https://example.org/#room=plane&v=3&model=plane&method=none&steps=4', '--bench', '1'])
  expect(said).toMatch(/\n {2}positive +likelihood −?-?[\d.]+ {2}outside [\d.]+ % {2}twigs \d+ of 16\n {2}guided /)
  expect(said).toMatch(/8000 evaluations in \d+ ms of a core; then at least \d+ ms/)
})

it.each([[['method=pag']], [['scale=99']], [['--bench', 'x']]])('refuses %j with a sentence', async (argv) => {
  await expect(plane(argv)).rejects.toThrow(UsageError)
})
