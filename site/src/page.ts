/** A page of docs/, as the site shows it. */
export interface DocsPage {
  readonly title: string
  /** The beginning of the first paragraph, as plain text. */
  readonly description: string
  readonly body: string
}

const LINK = /(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g
const PICTURE =
  /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img alt="([^"]*)"[^>]* src="([^"]+)">\s*<\/picture>/g
/** A link outside of code, or code, in a block or a line. */
const LINK_OR_CODE = new RegExp(
  `^(\`{3,}|~{3,})[^]*?^\\1\`*~*$|${LINK.source.replaceAll('(!?)', '!?')}|(\`+)[^\`]+\\4`,
  'gm',
)

/** @throws where a page does not begin with its heading. */
export function pageOf(source: string): DocsPage {
  const text = source.replace(/^<!--[^]*?-->\s*/, '')
  const [heading = '', title] = /^# (.+)\n+/.exec(text) ?? []
  if (title === undefined) throw new Error(`A page must begin with "# …": ${text.slice(0, 60)}`)
  const body = text.slice(heading.length)
  const first = body.split(/\n\n+/).find((paragraph) => /^[\w`*[]/.test(paragraph)) ?? ''
  return {
    title,
    description: plain(first),
    body: linked(inBoth(body)),
  }
}

function plain(markdown: string): string {
  const text = markdown
    .replaceAll(LINK, '$2')
    .replaceAll(/[`*]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const [sentence = text] = /^.{40,}?[.:](?=\s|$)/.exec(text) ?? []
  return sentence.replace(/:$/, '.')
}

/** Links to other pages become addresses; files of the repository are named only. Code stays. */
function linked(text: string): string {
  return text.replaceAll(LINK_OR_CODE, (whole) => (/^!?\[/.test(whole) ? linkedOne(whole) : whole))
}

function linkedOne(link: string): string {
  return link.replace(LINK, (whole, mark: string, words: string, target: string) => {
    if (mark === '!' || /^(?:[a-z]+:|#)/.test(target)) return whole
    const [, name, anchor = ''] = /^(?:\.\/)?([\w-]+)\.md(#.*)?$/.exec(target) ?? []
    return name === undefined ? words : `[${words}](/${name}/${anchor})`
  })
}

/** Screenshots in two schemes follow the reader's choice, and not only the system's. */
function inBoth(prose: string): string {
  return prose.replaceAll(PICTURE, (_, dark: string, alt: string, light: string) => {
    const shown = (scheme: string, src: string): string =>
      `<div class="shot only-${scheme}">\n\n![${alt}](${src})\n\n</div>`
    return `${shown('light', light)}\n\n${shown('dark', dark)}`
  })
}
