/** A page, as far as it is used here. */
export interface Page {
  /** From the folder that Eleventy works in. */
  readonly inputPath: string
  readonly outputPath: string | false
}

/** Eleventy's configuration, as far as it is used here. */
export interface EleventyConfig {
  readonly pathPrefix?: string
  readonly ignores: { add(glob: string): unknown }
  readonly watchIgnores: { add(glob: string): unknown }
  addWatchTarget(target: string, options?: { readonly resetConfig?: boolean }): unknown
  addShortcode(name: string, shortcode: (file: string, attributes?: object) => string): unknown
  addTransform(
    name: string,
    transform: (this: { readonly page: Page }, content: string) => Promise<string>,
  ): unknown
  on(event: string, listener: (begun: never) => Promise<void>): unknown
}

/** No prompt file is a template, and a change of one, or of the lockfile, builds again. */
export function addWatching(config: EleventyConfig): void {
  config.ignores.add('**/*.prompt.md')
  config.addWatchTarget('./**/*.prompt.md')
  config.addWatchTarget('./gemini-image.lock')
  config.watchIgnores.add('**/.gemini-image/**')
}
