import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { launch } from './screenshots/browser.ts'
import { IMAGES, INPUTS, recordedInputs } from './screenshots/inputs.ts'
import { currentInputs, SHOTS } from './screenshots/shots.ts'

// Takes the pictures in docs/images whose inputs have changed; with --all, every one.
const isAll = process.argv.includes('--all')
const recorded: Readonly<Record<string, string>> = existsSync(INPUTS) ? recordedInputs() : {}
const current = currentInputs()

const isOld = (name: string): boolean =>
  isAll || recorded[name] !== current[name] || !existsSync(path.join(IMAGES, `${name}.webp`))

const due = SHOTS.filter(({ names }) => names.some(isOld))
if (due.length > 0) {
  mkdirSync(IMAGES, { recursive: true })
  const browser = await launch()
  const taken: Record<string, string> = { ...recorded }
  try {
    for (const { names, take } of due) {
      console.log(`Taking ${names.join(', ')}`)
      await take(browser)
      for (const name of names) taken[name] = current[name] ?? ''
      const kept = Object.keys(current).flatMap((name) =>
        taken[name] === undefined ? [] : [[name, taken[name]]],
      )
      writeFileSync(INPUTS, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`)
    }
  } finally {
    await browser.close()
  }
}
console.log(due.length > 0 ? 'The pictures are in docs/images.' : 'All pictures are up to date.')
