import path from 'node:path'
import { splitMarker } from '@gemini-image/core/host'
import type { LoaderContext } from 'webpack'
import { OBJECT_CODE } from '../object-module.ts'
import { pictureModuleCode } from '../picture-module.ts'
import { declarationIn, readAsk } from '../source/ask.ts'
import { consoleCode } from '../placeholder-line.ts'
import { relativeTo } from '../project/relative-to.ts'
import { keepName } from './kept-names.ts'
import { openForLoader, pictureFor, type LoaderOptions } from './pictures.ts'

/** Turbopack appends this to what a rule turns into JavaScript, and asks other rules again. */
const RENAMED = /(?<=\.prompt\.md)\.js$/

/** A picture's module, for Turbopack. */
async function pictureLoader(this: LoaderContext<LoaderOptions>): Promise<string> {
  const file = this.resourcePath.replace(RENAMED, '')
  const project = await openForLoader(this)
  const ask = readAsk(splitMarker(this.resource)?.query ?? '', project.options)
  const { form, query } = ask
  const declaration = declarationIn(file, ask)
  const { root, kept } = this.getOptions()
  this.addDependency(project.options.lockfile)
  const image = await pictureFor(declaration, project, this.mode === 'production')
  for (const input of image.inputs) this.addDependency(input)
  // Next.js keeps modules on disk: one whose files are gone is made again.
  const named = new Set<string>()
  const nameOf = (one: string): string => {
    this.addDependency(one)
    named.add(one)
    return relativeTo(path.dirname(file), one)
  }
  const code = await pictureModuleCode(
    image,
    { declaration, form, query },
    {
      project,
      bringObject: OBJECT_CODE,
      nameOf,
      isDraft: this.mode !== 'production',
    },
  )
  if (kept !== undefined) for (const one of named) await keepName(one, root, kept)
  return code + consoleCode(image)
}

export default pictureLoader
