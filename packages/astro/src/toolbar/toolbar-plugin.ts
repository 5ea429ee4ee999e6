import { randomBytes } from 'node:crypto'
import type { PicturesApi } from 'unplugin-gemini-image/vite'
import type { Plugin } from 'vite'
import { ENDPOINT, toolbarEndpoint } from './endpoint.ts'

const ID = 'virtual:gemini-image/toolbar'
const RESOLVED = `\0${ID}`

/** Serves the toolbar's requests, and tells the toolbar in a page where to send them, with which token. */
export function toolbarPlugin({ api }: Plugin<PicturesApi>): Plugin {
  const token = randomBytes(32).toString('base64url')
  let base = '/'
  return {
    name: 'gemini-image:toolbar',
    apply: 'serve',
    configResolved(config) {
      base = config.base
    },
    configureServer({ middlewares }) {
      if (api) middlewares.use(toolbarEndpoint(api, token))
    },
    resolveId: {
      filter: { id: /^virtual:gemini-image\/toolbar$/ },
      handler: (id) => (id === ID ? RESOLVED : undefined),
    },
    load: {
      filter: { id: /^\0virtual:gemini-image\/toolbar$/ },
      handler(id) {
        if (id !== RESOLVED) return undefined
        const endpoint = `${base.replace(/\/?$/, '/')}${ENDPOINT}`
        return `export const endpoint = ${JSON.stringify(endpoint)}\nexport const token = ${JSON.stringify(token)}`
      },
    },
  }
}
