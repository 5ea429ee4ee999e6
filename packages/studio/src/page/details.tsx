import type { JSX } from 'preact'
import type { PictureDetails } from '../protocol.ts'
import { Again } from './again.tsx'
import { AltText } from './alt-text.tsx'
import { dayOf } from './candidates.ts'
import { Delete } from './delete.tsx'
import { EditButton } from './edit.tsx'
import { Links } from './links.tsx'
import { Review } from './review.tsx'
import { PromptDifference } from './prompt-difference.tsx'
import { SayWhatToChange } from './say-what-to-change.tsx'
import { useStudio } from './studio.ts'

interface Props {
  readonly details: PictureDetails
  readonly adopt: (file: File) => void
}

/** All that is known of a picture, and all that can be done with it. */
export function Details({ details, adopt }: Props): JSX.Element {
  const { isReadOnly } = useStudio()
  return (
    <aside class="details" aria-label="Details">
      {isReadOnly ? <Why details={details} /> : <Again details={details} adopt={adopt} />}
      <section>
        <div class="section-head">
          <h2>Prompt</h2>
          {!isReadOnly && <EditButton details={details} />}
        </div>
        {details.change?.words?.length ? (
          <PromptDifference words={details.change.words} />
        ) : (
          <>
            <p class="prompt">{details.prompt}</p>
            <Turns details={details} />
          </>
        )}
        <SayWhatToChange details={details} />
      </section>
      <AltText details={details} />
      <Review key={details.image?.key} details={details} />
      <section>
        <h2>About</h2>
        <Facts details={details} />
      </section>
      <Links details={details} />
      {!isReadOnly && <Delete details={details} />}
    </aside>
  )
}

/** Why there is no (new) picture, where nobody can do anything about it. */
function Why({ details: { why } }: { details: PictureDetails }): JSX.Element | null {
  if (why === undefined) return null
  return (
    <section>
      <p class="notice">{why}</p>
    </section>
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
const ELSEWHERE = new Set(['alt', 'altDraft', 'turns', 'references', 'model'])

const KINDS: Readonly<Record<PictureDetails['kind'], string>> = {
  'prompt file': 'a prompt file',
  frontmatter: 'frontmatter',
  'data file': 'a data file',
  macro: 'a macro',
}

function Facts({ details }: { details: PictureDetails }): JSX.Element {
  const { state, model, price, width, height, created, settings, kind } = details
  const origin: [string, string][] =
    state === 'adopted'
      ? [['Made by', 'A person, not a model']]
      : [
          ['Model', model],
          ['Price', price],
        ]
  const facts: [string, string][] = [
    ...origin,
    ['Pixels', `${width} × ${height}`],
    ...(created === undefined ? [] : [['Created', dayOf(created)] as [string, string]]),
    ['Declared in', KINDS[kind]],
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
