import path from 'node:path'
import type { Declaration } from '../declare/declaration.ts'
import { withSiteLanguages, type SiteLanguages } from '../declare/languages.ts'
import { parsePromptFile } from '../declare/prompt-file.ts'
import { openFiles, type ProjectFiles } from '../kernel/files/files.ts'
import {
  readAstro,
  readNext,
  readNextIntl,
  readParaglide,
  readVitePress,
  type LanguageList,
} from './language-lists.ts'
import type { ResolvedOptions } from './resolve-options.ts'

/** Where a site has its languages from: a new host is a row here. */
interface Host {
  /** Files from the root, the first of which is read. */
  readonly files: readonly string[]
  /** What a file says as constants; `undefined` where that is nothing. It is never run. */
  readonly read: (text: string) => LanguageList | undefined
}

const SCRIPTS = ['mjs', 'js', 'ts', 'mts', 'cjs', 'cts']

function scripts(...names: string[]): readonly string[] {
  return names.flatMap((name) => SCRIPTS.map((extension) => `${name}.${extension}`))
}

const HOSTS: readonly Host[] = [
  { files: scripts('astro.config'), read: readAstro },
  { files: scripts('next.config'), read: readNext },
  { files: scripts('src/i18n/routing', 'i18n/routing'), read: readNextIntl },
  { files: scripts('.vitepress/config', 'docs/.vitepress/config'), read: readVitePress },
  { files: ['project.inlang/settings.json'], read: readParaglide },
]

/**
 * The languages of a site: those of the option, or those that its host's configuration lists as constants, so that the
 * command plans what a build will ask for. `undefined` where neither says so.
 */
export function siteLanguages(
  { root, languages }: Pick<ResolvedOptions, 'root' | 'languages'>,
  files: ProjectFiles,
): SiteLanguages | undefined {
  const [first] = languages ?? []
  if (languages && first !== undefined) {
    return { list: languages, default: first, fallback: {}, file: undefined }
  }
  const read = files.reader('source')
  for (const host of HOSTS) {
    for (const name of host.files) {
      const file = path.join(root, name)
      const text = read(file)
      const found = text === undefined ? undefined : host.read(text)
      const [main] = found?.list ?? []
      if (found && main !== undefined)
        return { default: main, fallback: {}, ...found, list: [...new Set(found.list)], file }
    }
  }
  return undefined
}

/**
 * What a prompt file declares, with the languages of the site in it.
 * @throws {GeminiImageError} as `parsePromptFile`; `INVALID_VALUE` where nobody knows the languages.
 */
export function parseForSite(
  text: string,
  file: string,
  options: Pick<ResolvedOptions, 'root' | 'languages'>,
): Declaration {
  const { root } = options
  return withSiteLanguages(parsePromptFile(text, file, root), () =>
    siteLanguages(options, openFiles(root)),
  )
}
