import type { IncomingHttpHeaders } from 'node:http'
import path from 'node:path'
import { isPromptFile, splitMarker, type DeclarationId } from '@gemini-image/core/host'
import type { Connect } from 'vite'
import { withSlashes } from '../project/with-slashes.ts'
import { declarationIn, readAsk, type Ask } from '../source/ask.ts'
import type { Session } from './session.ts'

/**
 * In dev, Vue's compiler has browsers ask for the prompt file that a template names. The picture answers, which
 * never spends.
 */
export function servePicture(session: Session): Connect.NextHandleFunction {
  return ({ headers, url = '' }, response, next) => {
    const asked = wantsImage(headers) ? promptFileAt(url, session) : undefined
    if (!asked) {
      next()
      return
    }
    const redirect = (file: string): void => {
      const location = `${session.config.base}@fs/${withSlashes(file).replace(/^\//, '')}`
      response.writeHead(302, { location: encodeURI(location), 'cache-control': 'no-store' }).end()
    }
    pictureFile(asked, session).then(redirect, next)
  }
}

/** Whether an element asks, and no module or person. */
export function wantsImage({ accept }: IncomingHttpHeaders): boolean {
  return accept?.startsWith('image/') === true
}

interface Asked {
  readonly id: DeclarationId
  readonly ask: Ask
}

function promptFileAt(url: string, { config, options }: Session): Asked | undefined {
  const { file, query } = splitMarker(url) ?? { file: url, query: '' }
  if (!isPromptFile(file) || !file.startsWith(config.base)) return undefined
  const below = decodeURI(file.slice(config.base.length))
  const ask = readAsk(query, options)
  return { ask, id: declarationIn(withSlashes(path.join(config.root, below)), ask) }
}

/** @throws {GeminiImageError} `UNDECLARED_PICTURE`, or what is wrong with the picture. */
async function pictureFile({ id, ask }: Asked, session: Session): Promise<string> {
  if (!session.declarations.has(id)) await session.lookOver()
  session.assertDeclared(id)
  session.pages.add(id)
  return session.fileOf(id, ask)
}
