/**
 * Tells a lesson what the playground knows, and asks the judge where a step wants to know of distances. Reads both: facts are of
 * the pictures, and say whether those are the wanted ones.
 */
import { useEffect, useLayoutEffect } from 'react'
import { sameSettings } from '../../settings'
import { usePage, useSession, useShown, useWanted } from '../app/store'
import { PLAY } from '../rooms/rooms'
import { publishFacts, tellWaiting, useWantedFacts } from './facts'
import { playFacts } from './play-facts'

const needsJudge = (name: string) => name.startsWith('distance.') || name.startsWith('agrees.')

export default function PlayFacts() {
  const session = useSession()
  const settled = useShown((_, { run }) => run.settled)
  const judge = usePage((state) => state.judge)
  const wanted = useWantedFacts()
  const asks = wanted.some(needsJudge)
  const comparing = wanted.includes('change')
  const { kind } = judge.state
  const current = useWanted((settings) => settled !== null && sameSettings(settled.settings, settings))
  // Before a step looks at what holds.
  useLayoutEffect(() => publishFacts(PLAY, () => playFacts(settled, judge), current), [settled, judge, current])
  useEffect(() => (comparing ? session.ask() : undefined), [session, comparing])
  useEffect(() => {
    if (asks && kind === 'closed') void session.judge.open()
  }, [session, asks, kind])
  useEffect(() => {
    if (!asks) return tellWaiting(null)
    if (session.judgeBytes === null) return tellWaiting('This family of networks has no judge, which this task asks.')
    if (judge.state.kind === 'failed') return tellWaiting(`The judge can’t be asked: ${judge.state.message}`)
    if (judge.state.kind !== 'open') return tellWaiting('Fetching the judge, a small network that measures pictures …')
    return tellWaiting(judge.distances?.final === settled?.final ? null : 'Measuring …')
  }, [session, asks, judge, settled])
  return null
}
