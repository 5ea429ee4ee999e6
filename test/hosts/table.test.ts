import { expect, test } from 'vitest'
import { hostMatrixPage } from './table.ts'

test('docs say what the matrix tests ("vitest run test/hosts/table.test.ts -u" writes them)', async () => {
  await expect(hostMatrixPage()).toMatchFileSnapshot('../../docs/host-matrix.md')
})
