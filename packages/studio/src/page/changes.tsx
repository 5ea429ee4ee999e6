import type { JSX } from 'preact'
import type { Overview, PictureChange, PictureItem, ShownImage } from '../protocol.ts'
import { addressOf } from './address.ts'
import type { LeftAt } from './gallery.tsx'
import { useScrollOf } from './gallery.tsx'
import { Spent } from './header.tsx'
import { Icon } from './icon.tsx'
import { Problems } from './problems.tsx'
import { PromptDifference } from './prompt-difference.tsx'
import { Said } from './review.tsx'
import { pictureHash } from './route.ts'
import { Verdict } from './state.tsx'

interface Props {
  readonly overview: Overview
  readonly left: LeftAt
}

/** What a branch has changed: each picture as it was and as it is. */
export function Changes({ overview, left }: Props): JSX.Element {
  const { name, pictures, problems, money, written } = overview
  useScrollOf(left)
  const count = pictures.length === 1 ? '1 change' : `${pictures.length} changes`
  return (
    <>
      <header class="header changes-header">
        <div class="header-title">
          <h1>{name}</h1>
          <p class="muted">
            {count}
            {written?.base !== undefined && (
              <>
                {' '}
                since <span class="path">{written.base}</span>
              </>
            )}
          </p>
        </div>
        <Spent money={money} />
      </header>
      <main class="changes" aria-label="Changes">
        <Problems problems={problems} />
        {pictures.length === 0 && (
          <section class="message">
            <h2>No picture has changed</h2>
            <p class="muted">All pictures are what they were.</p>
          </section>
        )}
        {pictures.map((picture) => (
          <Change key={picture.id} picture={picture} />
        ))}
      </main>
    </>
  )
}

const KINDS: Readonly<Record<PictureChange['kind'], string>> = {
  new: 'New',
  changed: 'Changed',
  missing: 'Missing',
  stale: 'Stale',
  removed: 'Removed',
}

function Change({ picture }: { picture: PictureItem }): JSX.Element {
  const { id, name, place, change, decision } = picture
  const kind = change?.kind ?? 'changed'
  return (
    <article class="change" aria-label={name}>
      <div class="change-head">
        <h2>
          <a href={pictureHash(id)}>{name}</a>
        </h2>
        <span class={`kind kind-${kind}`}>{KINDS[kind]}</span>
        <Verdict of={decision} />
        <span class="path muted">{place}</span>
      </div>
      <Pair picture={picture} />
      <div class="change-words">
        <section>
          <h3>Prompt</h3>
          <Prompt picture={picture} />
        </section>
        <section>
          <h3>Alternative text</h3>
          <Alt picture={picture} />
        </section>
        {decision && (
          <section>
            <h3>Review</h3>
            <Said decision={decision} />
          </section>
        )}
        <Cost picture={picture} />
      </div>
    </article>
  )
}

function Pair({ picture }: { picture: PictureItem }): JSX.Element {
  const { name, image, alt, change, state, why } = picture
  const { before, whyNotBefore } = change ?? {}
  const isRemoved = state === 'removed'
  const view = before && image && before.key !== image.key ? 'compare' : 'one'
  const href = pictureHash(picture.id, view)
  const after = isRemoved || before?.key === image?.key ? undefined : image
  const hadNone = !before && whyNotBefore === undefined
  return (
    <div class={hadNone ? 'pair is-single' : 'pair'}>
      {!hadNone && (
        <Side
          label="Before"
          href={href}
          image={before}
          alt={`${name} before`}
          why={whyNotBefore ?? ''}
        />
      )}
      <Side
        label={hadNone ? undefined : 'After'}
        href={href}
        image={after}
        alt={alt || name}
        why={isRemoved ? 'Nothing declares it any more.' : (why ?? 'There is no picture yet.')}
      />
    </div>
  )
}

function Side(props: {
  label: string | undefined
  href: string
  image: ShownImage | undefined
  alt: string
  why: string
}): JSX.Element {
  const { label, href, image, alt, why } = props
  return (
    <figure class="side">
      {image ? (
        <a href={href}>
          <img
            src={addressOf(image, 640)}
            width={image.width}
            height={image.height}
            alt={alt}
            loading="lazy"
            decoding="async"
          />
        </a>
      ) : (
        <div class="side-empty">
          <Icon name="dashed" size={22} />
          <p class="muted">{why}</p>
        </div>
      )}
      {label !== undefined && <figcaption class="muted">{label}</figcaption>}
    </figure>
  )
}

function Prompt({ picture: { change, prompt, state } }: { picture: PictureItem }): JSX.Element {
  if (change?.words?.length) return <PromptDifference words={change.words} />
  const isSame = change?.words !== undefined && state !== 'removed'
  return (
    <>
      <p class="prompt">{prompt || 'It is not known.'}</p>
      {isSame && change.kind !== 'new' && <p class="muted">The prompt has not changed.</p>}
    </>
  )
}

function Alt({ picture: { alt, state } }: { picture: PictureItem }): JSX.Element {
  if (alt) return <p>{alt}</p>
  if (alt === '') return <p class="muted">Empty: the picture is decoration.</p>
  if (state === 'removed') return <p class="muted">Not needed any more.</p>
  return <p class="no-alt">None yet.</p>
}

function Cost({ picture }: { picture: PictureItem }): JSX.Element | null {
  const { state, model, price, width, height } = picture
  if (state === 'removed') return null
  const isPaid = state === 'pinned' || state === 'adopted'
  const facts: [string, string][] =
    state === 'adopted'
      ? [['Made by', 'A person, not a model']]
      : [
          ['Model', model],
          [isPaid ? 'Paid' : 'To pay', price],
        ]
  return (
    <dl class="facts">
      {[...facts, ['Pixels', `${width} × ${height}`] as const].map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
