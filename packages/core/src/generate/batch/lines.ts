// oxlint-disable-next-line no-restricted-imports -- streams gigabytes from the cache, from a file that we have named.
import { createReadStream } from 'node:fs'

const LINE_FEED = 0x0a

/**
 * The lines of a file, one after another, as text; a file of gigabytes is never read whole. Only a line
 * feed ends a line: JSON may hold every other character that ends one elsewhere.
 */
export async function* linesOf(file: string): AsyncGenerator<string> {
  let rest: Buffer[] = []
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8')
      rest = []
      start = end + 1
    }
    if (start < chunk.length) rest.push(chunk.subarray(start))
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString('utf8')
}
