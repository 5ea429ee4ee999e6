import { fileURLToPath } from 'node:url'
import { splitMarker } from '@gemini-image/core/host'
import type { LoaderContext } from 'webpack'
import { importObject } from '../object-module.ts'
import { LOST_PICTURE_CODE } from '../lost-picture-module.ts'
import { pictureModuleCode } from '../picture-module.ts'
import { consoleCode } from '../placeholder-line.ts'
import { declarationIn, readAsk } from '../source/ask.ts'
import { SESSION, type SharedSession } from './shared-session.ts'

const TO_OBJECT = fileURLToPath(new URL('to-object.js', import.meta.url))

/** A picture's module: what the file says is read by the session, not from what the loader is given. */
async function pictureLoader(this: LoaderContext<unknown> & SharedSession): Promise<string> {
  const session = this[SESSION]
  const marked = splitMarker(this.resource)
  if (!session || !marked) throw new TypeError('This loader is for requests of the plugin alone.')
  if (session.state === 'wrong') {
    // Said once, for all pictures. No cache may keep a module without its picture.
    this.cacheable(false)
    return LOST_PICTURE_CODE
  }
  const ask = readAsk(marked.query, session.options)
  const { form, query } = ask
  const declaration = declarationIn(this.resourcePath, ask)
  session.declarations.add(declaration)
  this.addDependency(session.options.lockfile)
  const image = await session.shown(declaration)
  for (const input of image.inputs) this.addDependency(input)
  const { configInputs = [], forms } = session.options
  // Presets and forms decide what the module says. Of a form that is written elsewhere, nobody knows what it does.
  if (marked.query !== '') for (const input of configInputs) this.addDependency(input)
  if (Object.hasOwn(forms, form)) this.cacheable(false)
  // A cache on disk may outlive renditions and placeholders: without them, the module is made again.
  const nameOf = (named: string): string => {
    this.addDependency(named)
    // webpack remembers that it has looked for them in vain.
    this.fs.purge?.(named)
    return named
  }
  const { isServing: isDraft } = session
  const bringObject = importObject(TO_OBJECT)
  const code = await pictureModuleCode(
    image,
    { declaration, form, query },
    { project: session, bringObject, nameOf, isDraft },
  )
  if (!image.why) return code
  // Why it is not there may change without any file.
  this.cacheable(false)
  return code + consoleCode(image)
}

export default pictureLoader
