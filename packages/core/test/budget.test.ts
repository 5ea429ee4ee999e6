import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openBudget } from '../src/generate/budget.ts'

test('whatever is reserved, settled and possibly paid, no more than the limit is spent', () => {
  const amount = fc.double({ min: 0, max: 2, noNaN: true })
  const step = fc.record({
    kind: fc.constantFrom('reserve', 'settle', 'lost'),
    amount,
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(amount, fc.array(step), (limit, steps) => {
      const budget = openBudget(limit)
      const open: number[] = []
      for (const { kind, amount: wanted, part } of steps) {
        const reserved = kind === 'settle' ? open.pop() : undefined
        if (reserved !== undefined) budget.settle(reserved, reserved * part)
        else {
          try {
            if (kind === 'lost') budget.countPossiblyPaid(wanted)
            else {
              budget.reserve(wanted)
              open.push(wanted)
            }
          } catch (error) {
            expect(String(error)).toContain('BUDGET_EXCEEDED')
          }
        }
        expect(budget.spent).toBeLessThanOrEqual(limit + 1e-4)
      }
    }),
  )
})

test('says what is needed, what there is, and what to set', () => {
  const budget = openBudget(1)
  budget.reserve(0.9)
  expect(() => budget.reserve(0.2)).toThrow(
    /needs about \$0\.2000[\s\S]*\$1\.00, of which \$0\.1000 are left[\s\S]*\$1\.10/,
  )
})
