import type { JSX } from 'preact'
import type { ChangedWords } from '../protocol.ts'

/** A prompt as it is, with what was taken out and put in. */
export function PromptDifference({ words }: { words: readonly ChangedWords[] }): JSX.Element {
  return (
    <p class="prompt difference">
      {words.map(({ kind, text }, index) => {
        if (kind === 'same') return text
        const Tag = kind === 'added' ? 'ins' : 'del'
        // The space behind them is no part of what has changed.
        const [, said = '', space = ''] = /^([^]*?)(\s*)$/.exec(text) ?? []
        return [<Tag key={index}>{said}</Tag>, space]
      })}
    </p>
  )
}
