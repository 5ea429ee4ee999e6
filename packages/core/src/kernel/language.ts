/**
 * The language of a list that a reader of another one is given, by BCP 47: `de` for `de-AT`, and for `de` a `de-AT` where
 * there is no other. Names that are no language tags are only themselves.
 * @param wanted As a site writes it: `pt-BR`, `pt_br`.
 * @returns `undefined` where none of them is the reader's language in the reader's script.
 */
export function matchLanguage(wanted: string, available: readonly string[]): string | undefined {
  const same = available.find((one) => plain(one) === plain(wanted))
  const reader = same === undefined ? likely(wanted) : undefined
  if (!reader) return same
  const fitting = available.flatMap((name) => {
    const found = likely(name)
    return found?.language === reader.language && found.script === reader.script
      ? { name, region: found.region, isOfAll: !/[-_][a-z]{2}(?![a-z])|[-_]\d{3}/i.test(name) }
      : []
  })
  const best =
    fitting.find(({ region }) => region === reader.region) ??
    fitting.find(({ isOfAll }) => isOfAll) ??
    fitting[0]
  return best?.name
}

/**
 * Of what is there by language, what a reader gets: the first is for readers of all other languages.
 * @throws {RangeError} where there is nothing.
 */
export function inLanguage<Value>(
  values: Readonly<Record<string, Value>>,
  language: string | undefined,
): Value {
  const names = Object.keys(values)
  const name = (language === undefined ? undefined : matchLanguage(language, names)) ?? names[0]
  if (name === undefined) throw new RangeError('Nothing is there in any language.')
  return values[name] as Value
}

function plain(name: string): string {
  return name.replaceAll('_', '-').toLowerCase()
}

/** A tag with the script and region that are the likeliest where it names none. */
function likely(name: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(plain(name)).maximize()
  } catch {
    return undefined
  }
}
