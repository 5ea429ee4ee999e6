import { createSite, type Site } from '../../support/site.ts'
import { installPackages, type Major } from './packages.ts'

/** An Astro site in a folder of its own, with packages of its own. */
export interface AstroSite extends Site {
  readonly major: Major
}

/** Makes a site that is deleted when the test ends. Files may hold bytes. */
export async function createAstroSite(
  major: Major,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<AstroSite> {
  const site = await createSite({ 'tsconfig.json': '{ "extends": "astro/tsconfigs/strict" }\n' })
  for (const [file, content] of Object.entries({ ...astroConfig(), ...files })) {
    await site.write(file, content)
  }
  await installPackages(site.path('node_modules'), major)
  return { ...site, major }
}

/** How a site's configuration differs from the plainest. */
export interface ConfigParts {
  /** The integration's options, as source: `budget: 2`. */
  readonly options?: string
  /** Further settings, as source: `output: 'server'`. */
  readonly settings?: string
  /** Further imports, as source. */
  readonly imports?: string
  /** Further integrations, as source: `mdx()`. */
  readonly integrations?: string
}

/** An `astro.config.mjs` with our integration. */
export function astroConfig({
  options = '',
  settings = '',
  imports = '',
  integrations = '',
}: ConfigParts = {}): Record<string, string> {
  return {
    'astro.config.mjs': `
      import geminiImage from 'astro-gemini-image'
      ${imports}
      export default {
        devToolbar: { enabled: false },
        integrations: [geminiImage({ retryDelay: 5, ${options} }), ${integrations}],
        ${settings}
      }\n`,
  }
}

/** The part of a configuration that makes a server of a site. */
export const NODE_SERVER: ConfigParts = {
  imports: `import node from '@astrojs/node'`,
  settings: `output: 'server', adapter: node({ mode: 'standalone' }),`,
}
