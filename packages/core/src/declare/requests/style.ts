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
  const token = hasLineComments ? TOKEN_OF_PREPROCESSOR : TOKEN
  return [...css.matchAll(token)].flatMap(({ 0: whole, index, groups = {} }) => {
    const written = groups['double'] ?? groups['single'] ?? groups['url']
    if (written === undefined) return []
    const start = offset + index + whole.lastIndexOf(written)
    return requestOf(written.replaceAll(/\\([^\n])/g, '$1'), start, start + written.length)
  })
}
