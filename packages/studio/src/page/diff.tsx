import type { JSX } from 'preact'

const KINDS: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'hunk' }

/** A unified diff. */
export function Diff({ file, diff }: { file: string; diff: string }): JSX.Element {
  const lines = diff
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !/^(?:---|\+\+\+|Index:|=+$|diff )/.test(line))
  return (
    <figure class="diff">
      <figcaption class="path">{file}</figcaption>
      <pre tabIndex={0} aria-label={`Changes of ${file}`}>
        {lines.map((line, index) => (
          <code key={index} class={KINDS[line[0] ?? '']}>
            {line || ' '}
            {'\n'}
          </code>
        ))}
      </pre>
    </figure>
  )
}
