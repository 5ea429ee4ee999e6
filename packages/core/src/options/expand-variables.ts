/** `$NAME` and `${NAME}`, unless a backslash stands before it. */
const REFERENCE = /(?<!\\)\$(?:\{([^{}]+)\}|([A-Za-z_]\w*))/

/** A name in braces, and what takes its place where the variable is empty (`-`) or is not (`+`). */
const WITH_DEFAULT = /^(.*?)(?:(:?[-+])(.*))?$/s

/** References that lead back to each other would be filled in for ever. */
const MOST_STEPS = 1000

/**
 * The variables of an env file with references to others filled in, step by step as Vite does it: it carries
 * a copy of dotenv-expand 13 that also knows the variables below. Version 1000 of that package runs commands
 * that an env file names.
 * @param env The process's variables: they go before those of the file.
 */
export function expandVariables(
  parsed: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const all = { ...parsed }
  for (const name of Object.keys(all)) {
    all[name] = (env[name] || expandValue(all[name] ?? '', all, env)).replaceAll('\\$', '$')
  }
  return all
}

function expandValue(
  text: string,
  parsed: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): string {
  let result = text
  const seen = new Set<string>()
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const match = REFERENCE.exec(result)
    if (!match) break
    seen.add(result)
    const [reference, braced, bare = ''] = match
    const [, name = '', operator, other = ''] = WITH_DEFAULT.exec(braced ?? bare) ?? []
    const value = env[name] ?? parsed[name]
    const isAlternative = operator?.endsWith('+')
    const filled = isAlternative ? value && other : value && !seen.has(value) ? value : other
    result = result.replace(reference, filled ?? '')
    if (result === parsed[name]) break
  }
  return result
}
