import { expect, it } from 'vitest'
import { foundPlace, nextPlace, pagePlaces } from './places.ts'

it('leads to experiments, blocks, trials and agents by addresses that the pages know', () => {
  const at = { experiment: 'e1', state: 'running' as const }
  expect(foundPlace({ ...at, kind: 'experiment', id: 'e1', name: 'digits', of: '' }).href).toBe('/e/e1')
  expect(foundPlace({ ...at, kind: 'block', id: 'my train', name: 'my train', of: 'digits' }).href).toBe(
    '/e/e1?block=my%20train',
  )
  expect(foundPlace({ ...at, kind: 'trial', id: 'e1.train.3', name: 'train #3', of: 'digits' }).href).toBe(
    '/t/e1.train.3',
  )
  const agent = { kind: 'agent', id: 'a1', experiment: null, name: 'desk', of: '', state: 'connected' } as const
  expect(foundPlace(agent).href).toBe('/agents?agent=a1')
})

it('shows all pages before anything is typed, then those that hold every word', () => {
  expect(pagePlaces('').map(place => place.name)).toContain('Agents')
  expect(pagePlaces('slots mach').map(place => place.href)).toEqual(['/agents'])
  expect(pagePlaces('nothing like it')).toEqual([])
})

it('walks around the ends', () => {
  expect(nextPlace(2, 'ArrowDown', 3)).toBe(0)
  expect(nextPlace(0, 'ArrowUp', 3)).toBe(2)
  expect(nextPlace(0, 'PageDown', 3)).toBe(2)
  expect(nextPlace(0, 'ArrowDown', 0)).toBe(0)
})
