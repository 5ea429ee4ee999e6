/** What stands in the place of a prompt file's path. */
interface Shown {
  readonly url: string
  readonly alt: string
}

type Data = Readonly<Record<string, unknown>>

/** Fields that VitePress's theme takes an image for, as an object with `src` and `alt`. */
const IMAGES: ReadonlySet<string> = new Set(['image', 'icon', 'light', 'dark'])

/**
 * A copy of frontmatter in which pictures have replaced the paths of prompt files.
 * @param show Gives the picture for a text; `undefined` where that names none.
 */
export async function inFrontmatter(
  data: Data,
  show: (value: string) => Promise<Shown | undefined>,
): Promise<Data> {
  const replace = async (field: string, value: unknown): Promise<readonly [string, unknown][]> => {
    if (Array.isArray(value)) {
      const items = await Promise.all(value.map((item) => replace(field, item)))
      return [[field, items.map(([pair]) => pair?.[1])]]
    }
    if (isData(value)) return [[field, await inFrontmatter(value, show)]]
    const shown = typeof value === 'string' ? await show(value) : undefined
    if (!shown) return [[field, value]]
    const { url, alt } = shown
    if (IMAGES.has(field)) return [[field, { src: url, alt }]]
    // The alternative text beside it prevails.
    const isAlone = field !== 'src' || typeof data['alt'] === 'string'
    return isAlone
      ? [[field, url]]
      : [
          [field, url],
          ['alt', alt],
        ]
  }
  const pairs = await Promise.all(Object.entries(data).map((entry) => replace(...entry)))
  return Object.fromEntries(pairs.flat())
}

/** YAML's dates are objects, too. */
function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !(value instanceof Date)
}
