import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PictureDetails } from '../protocol.ts'
import { AdoptDialog } from './adopt.tsx'
import { Again } from './again.tsx'
import { AltText } from './alt-text.tsx'
import { dayOf } from './candidates.ts'
import { Delete } from './delete.tsx'
import { useDrop } from './drop.ts'
import { EditButton } from './edit.tsx'
import { Links } from './links.tsx'
import { SayWhatToChange } from './say-what-to-change.tsx'

/** All that is known of a picture, and all that can be done with it. */
export function Details({ details }: { details: PictureDetails }): JSX.Element {
  const [file, setFile] = useState<File>()
  const drop = useDrop(setFile)
  return (
    <aside
      class={drop.isOver ? 'details is-over' : 'details'}
      aria-label="Details"
      {...drop.handlers}
    >
      <Again details={details} adopt={setFile} />
      <section>
        <div class="section-head">
          <h2>Prompt</h2>
          <EditButton details={details} />
        </div>
        <p class="prompt">{details.prompt}</p>
        <Turns details={details} />
        <SayWhatToChange details={details} />
      </section>
      <AltText details={details} />
      <section>
        <h2>About</h2>
        <Facts details={details} />
      </section>
      <Links details={details} />
      <Delete details={details} />
      {file && <AdoptDialog picture={details} file={file} close={() => setFile(undefined)} />}
    </aside>
  )
}

function Turns({ details }: { details: PictureDetails }): JSX.Element | null {
  if (details.turns.length === 0) return null
  return (
    <ol class="turns" aria-label="Turns">
      {details.turns.map(({ prompt }, index) => (
        <li key={index}>{prompt}</li>
      ))}
    </ol>
  )
}

/** Shown by themselves already. */
const ELSEWHERE = new Set(['alt', 'turns', 'references', 'model'])

function Facts({ details }: { details: PictureDetails }): JSX.Element {
  const { model, price, width, height, created, settings, kind } = details
  const facts: [string, string][] = [
    ['Model', model],
    ['Price', price],
    ['Pixels', `${width} × ${height}`],
    ...(created === undefined ? [] : [['Created', dayOf(created)] as [string, string]]),
    [
      'Declared in',
      `a ${kind}`.replace('a frontmatter', 'frontmatter').replace('a Markdown', 'Markdown'),
    ],
  ]
  const stated = Object.entries(settings).filter(([name]) => !ELSEWHERE.has(name))
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {stated.map(([name, value]) => (
        <div key={name}>
          <dt class="path">{name}</dt>
          <dd class="path">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
