import { expect, it } from 'vitest'
import { relativeTo } from '../src/project/relative-to.ts'

it.each([
  ['/site/src', '/site/.gemini-image/a.jpg', '../.gemini-image/a.jpg'],
  ['/site', '/site/.gemini-image/a.jpg', './.gemini-image/a.jpg'],
  ['/site', '/site/store/a.jpg', './store/a.jpg'],
  ['/site/src', '/site/src/..a/b.jpg', './..a/b.jpg'],
])('a module in %s names %s as %s, never as a package', (folder, file, named) => {
  expect(relativeTo(folder, file)).toBe(named)
})
