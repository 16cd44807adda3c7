import { describe, expect, it } from 'vitest'
import type { Judged } from '../../../src/evaluation/metrics'
import { judgedLine, mergeRecords, readRecord, subjectLine, type Subject } from '../../../src/evaluation/record'

const subject: Subject = {
  format: 1,
  preset: { method: 'none' },
  seed: 1,
  batch: 8,
  source: { main: 'feed' },
  judge: 'c0de',
}
const judged: readonly Judged[] = [
  { index: 0, asked: 3, seen: 3, features: Float32Array.of(0.1, -1e-20, 3) },
  { index: 1, asked: null, seen: 4, features: Float32Array.of(Math.PI, 0, -7) },
]
const text = subjectLine(subject) + judged.map(judgedLine).join('')

describe('the record of an evaluation', () => {
  it('gives back to the bit what was written', () => {
    expect(readRecord(text, 'a')).toEqual({ subject: subjectLine(subject), judged, length: text.length })
  })

  it('leaves out a last line that was cut off, and says where the whole lines end', () => {
    const cut = text.slice(0, -5)
    const { judged: kept, length } = readRecord(cut, 'a')
    expect(kept).toEqual([judged[0]])
    expect(cut.slice(0, length) + judgedLine(judged[1]!)).toBe(text)
  })

  it('refuses what it did not write', () => {
    expect(() => readRecord('{"a":1}\n', 'a.json')).toThrow('a.json is not what evaluate writes')
    expect(() => readRecord(`${subjectLine(subject)}nonsense\n${judgedLine(judged[0]!)}`, 'a')).toThrow('line 2 of a')
  })

  it('merges records of one evaluation only', () => {
    const part = (entries: readonly Judged[], of = subject) =>
      readRecord(subjectLine(of) + entries.map(judgedLine).join(''), 'part')
    expect(
      mergeRecords([
        { name: 'b', stored: part([judged[1]!]) },
        { name: 'a', stored: part([judged[0]!]) },
      ]),
    ).toHaveLength(2)
    expect(() =>
      mergeRecords([
        { name: 'a', stored: part([]) },
        { name: 'b', stored: part([], { ...subject, seed: 2 }) },
      ]),
    ).toThrow('b is of another evaluation than a')
  })
})
