import { requestOf, type FileRequest } from './request.ts'

const COMMENT = String.raw`\/\*[^]*?(?:\*\/|$)`
const LINE_COMMENT = String.raw`(?<!:)\/\/[^\n]*`
const STRING = String.raw`"(?<double>(?:[^"\\\n]|\\[^])*)"|'(?<single>(?:[^'\\\n]|\\[^])*)'`
const URL = String.raw`\burl\(\s*(?<url>(?:[^"'()\s\\]|\\.)+)`

const TOKEN = new RegExp([COMMENT, STRING, URL].join('|'), 'g')
const TOKEN_OF_PREPROCESSOR = new RegExp([COMMENT, URL, LINE_COMMENT, STRING].join('|'), 'g')

/**
 * What a stylesheet asks for: by `url()`, and by any text, which `image-set()` and the variables of preprocessors take.
 * @param offset Where it begins in its file.
 * @param hasLineComments Whether `//` begins a comment: in Sass, Less and Stylus.
 */
export function findInStyle(css: string, offset: number, hasLineComments: boolean): FileRequest[] {
  return [...textsIn(css, hasLineComments)].flatMap(({ written, meant, start }) =>
    requestOf(meant, offset + start, offset + start + written.length),
  )
}

/** What a stylesheet imports, and all else that it names. */
export function importsOfStyle(css: string, hasLineComments: boolean): string[] {
  return [...textsIn(css, hasLineComments)].map(({ meant }) => meant)
}

function* textsIn(
  css: string,
  hasLineComments: boolean,
): Generator<{ readonly written: string; readonly meant: string; readonly start: number }> {
  const token = hasLineComments ? TOKEN_OF_PREPROCESSOR : TOKEN
  for (const { 0: whole, index, groups = {} } of css.matchAll(token)) {
    const written = groups['double'] ?? groups['single'] ?? groups['url']
    if (written === undefined) continue
    const meant = written.replaceAll(/\\([^\n])/g, '$1')
    yield { written, meant, start: index + whole.lastIndexOf(written) }
  }
}
