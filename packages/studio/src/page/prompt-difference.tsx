import type { JSX } from 'preact'
import type { ChangedWords } from '../protocol.ts'

/** A prompt as it is, with what was taken out and put in. */
export function PromptDifference({ words }: { words: readonly ChangedWords[] }): JSX.Element {
  return (
    <p class="prompt difference">
      {words.map(({ kind, text }, index) => {
        if (kind === 'added') return <ins key={index}>{text}</ins>
        return kind === 'removed' ? <del key={index}>{text}</del> : text
      })}
    </p>
  )
}
