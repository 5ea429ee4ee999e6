/** Matches specifiers that may ask for a prompt file's picture, for the filters of hooks. */
export const PROMPT_SPECIFIER: RegExp = /\.prompt\.md\?/

/** Matches source code that may have something to replace, for the filters of hooks. */
export const MAY_DECLARE: RegExp =
  /-gemini-image\/(?:macro|components)\b|\bnew\s+URL\(\s*["'`][^\n]+\.prompt\.md\?/

/**
 * Matches the modules in which macros and components are replaced: whatever their query, unless it asks
 * for the text or the URL of the file.
 */
export const MAY_BE_REWRITTEN: RegExp =
  /\.(?:[cm]?[jt]sx?|astro|vue|svelte|mdx)(?:\?(?!(?:.*&)?(?:raw|url)(?:[&=]|$)).*)?$/
