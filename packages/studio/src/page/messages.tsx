import type { JSX } from 'preact'
import { useStudio } from './studio.ts'

/** A page of another visitor: only the printed link opens the studio. */
export function NoToken(): JSX.Element {
  return (
    <main class="message">
      <h1>The studio is locked</h1>
      <p>Open the link that the dev server printed in the terminal.</p>
      <p class="muted">
        The link holds a token, so that no other page in your browser can spend your money.
      </p>
    </main>
  )
}

export function Loading(): JSX.Element {
  return (
    <main class="message" aria-busy="true">
      <p class="muted">Reading the project…</p>
    </main>
  )
}

/** A project without a picture. */
export function NoPictures(): JSX.Element {
  const { isReadOnly } = useStudio()
  return (
    <section class="message">
      <h2>No pictures yet</h2>
      <p>Write a prompt beside the component that shows the picture:</p>
      <pre>
        <code>
          <b>src/hero.prompt.md</b>
          {
            '\n\n---\naspectRatio: 16:9\nalt: A lighthouse at dusk\n---\nA lighthouse at dusk, as a risograph print\n'
          }
        </code>
      </pre>
      <p>and import it where you want to see it:</p>
      <pre>
        <code>{"import hero from './hero.prompt.md?gemini-image'"}</code>
      </pre>
      {!isReadOnly && <p class="muted">It appears here as soon as you save.</p>}
    </section>
  )
}

export function NothingMatches({ clear }: { clear: () => void }): JSX.Element {
  return (
    <section class="message">
      <h2>Nothing matches</h2>
      <p class="muted">No picture has this state and these words.</p>
      <button type="button" onClick={clear}>
        Show all pictures
      </button>
    </section>
  )
}
