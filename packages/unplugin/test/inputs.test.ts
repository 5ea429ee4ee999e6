import { expect, test } from 'vitest'
import { Inputs } from '../src/project/inputs.ts'

const prompt = (name: string): string => `/site/${name}.prompt.md`

test('a file decides the pictures of all that refer to what names it, directly or not', () => {
  const inputs = new Inputs()
  const inline = '/site/page.ts#0123456789abcdef'
  inputs.note(prompt('a'), ['/site/ink.style.md'])
  inputs.note(prompt('b'), [prompt('a')])
  inputs.note(prompt('c'), [prompt('b'), '/site/photo.png'])
  inputs.note(inline, [prompt('c')])
  inputs.note(prompt('other'), ['/site/photo.png'])
  const users = (file: string): string[] => [...inputs.usersOf(file)].toSorted()
  expect(users('/site/ink.style.md')).toEqual([prompt('a'), prompt('b'), prompt('c'), inline])
  expect(users(prompt('b'))).toEqual([prompt('c'), inline])
  expect(users('/site/photo.png')).toEqual([prompt('c'), prompt('other'), inline].toSorted())
  inputs.note(prompt('b'), [])
  expect(users('/site/ink.style.md')).toEqual([prompt('a')])
})

test('declarations that refer to each other in a loop are found once', () => {
  const inputs = new Inputs()
  inputs.note(prompt('a'), [prompt('b')])
  inputs.note(prompt('b'), [prompt('a')])
  expect([...inputs.usersOf(prompt('a'))].toSorted()).toEqual([prompt('a'), prompt('b')])
})
