import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { IMAGES, recordedInputs, ROOT } from '../scripts/screenshots/inputs.ts'
import { currentInputs } from '../scripts/screenshots/shots.ts'

const shots = readdirSync(IMAGES).filter((name) => name.endsWith('.webp'))

test('the screenshots show the examples and the studio as they are ("pnpm screenshots" takes them)', () => {
  expect(recordedInputs()).toEqual(currentInputs())
})

test('each screenshot is whole, shown by a page, and light', async () => {
  const named = Object.keys(currentInputs()).map((name) => `${name}.webp`)
  expect(shots.toSorted()).toEqual(named.toSorted())
  const pages = ['README.md', ...readdirSync(path.join(ROOT, 'docs')).map((name) => `docs/${name}`)]
  const text = pages
    .filter((page) => page.endsWith('.md'))
    .map((page) => readFileSync(path.join(ROOT, page), 'utf8'))
    .join('\n')
  for (const name of shots) {
    const file = path.join(IMAGES, name)
    const { info } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
    expect({ name, isWide: info.width >= 585, isLight: statSync(file).size < 200_000 }).toEqual({
      name,
      isWide: true,
      isLight: true,
    })
    expect(text).toContain(`images/${name}`)
  }
  const bytes = shots.reduce((sum, name) => sum + statSync(path.join(IMAGES, name)).size, 0)
  expect(bytes).toBeLessThan(1_200_000)
})
