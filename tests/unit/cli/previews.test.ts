import { expect, it } from 'vitest'
import { decibels, previews } from '../../../src/cli/previews'

it('measures in decibels of the range from black to white', () => {
  expect(decibels(new Float32Array([1, 1]), new Float32Array([-1, -1]))).toBeCloseTo(0)
  expect(decibels(new Float32Array([0.2, 0]), new Float32Array([0, 0.2]))).toBeCloseTo(20)
  expect(decibels(new Float32Array([0.5]), new Float32Array([0.5]))).toBe(Infinity)
})

it('prints for a kind of change how near each picture is, and the rows that it takes', async () => {
  const text = await previews(['tiny', '--classes', '1', '--seeds', '1', '--kinds', 'scale + 0.1', '--threads', '1'])
  const row = (name: string) => new RegExp(`^  ${name} +(\\S+) dB +(\\d+) rows$`, 'm').exec(text)?.slice(1).map(Number)
  const [, rows] = row('the picture itself') ?? []
  expect(row('the old picture')?.[1]).toBe(0)
  expect(row('6 steps')?.[1]).toBe(12)
  expect(row('last 6 redone')?.[1]).toBe(12)
  // A difference for every second step.
  expect(row('every second difference')?.[1]).toBe((rows! * 3) / 4)
  expect(row('last 8 redone')![0]).toBeGreaterThan(row('the old picture')![0]!)
})

it('names the kinds of change that there are', async () => {
  await expect(previews(['tiny', '--kinds', 'colour'])).rejects.toThrow('scale + 0.05')
})
