import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Money, Overview, PictureItem } from '../protocol.ts'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'
import { useAction, useStudio } from './studio.ts'

/** The project at a glance, and all that is missing with its price. */
export function Header({ overview }: { overview: Overview }): JSX.Element {
  const { name, pictures, money } = overview
  return (
    <header class="header">
      <div class="header-title">
        <h1>{name}</h1>
        <p class="muted">{pictures.length === 1 ? '1 picture' : `${pictures.length} pictures`}</p>
      </div>
      <Spent money={money} />
      <GenerateMissing overview={overview} />
    </header>
  )
}

/** Nothing where there is no ledger. */
export function Spent({ money }: { money: Money }): JSX.Element | null {
  const sums = (
    [
      ['Today', money.today],
      ['This month', money.month],
      ['This branch', money.branch],
      ['All that is pinned', money.pinned],
    ] as const
  ).filter(([, sum]) => sum !== undefined)
  if (sums.length === 0) return null
  return (
    <dl class="money" aria-label="Spent">
      {sums.map(([when, sum]) => (
        <div key={when}>
          <dt>{when}</dt>
          <dd>{sum}</dd>
        </div>
      ))}
    </dl>
  )
}

const isWanted = ({ state, isUnused }: PictureItem): boolean =>
  !isUnused && (state === 'missing' || state === 'stale')

function GenerateMissing({ overview }: { overview: Overview }): JSX.Element | null {
  const { isReadOnly } = useStudio()
  const [isAsking, setAsking] = useState(false)
  const wanted = overview.pictures.filter(isWanted)
  const price = overview.money.missing
  if (isReadOnly || wanted.length === 0 || price === undefined) return null
  const why = overview.canGenerate === true ? undefined : overview.canGenerate
  return (
    <div class="reasoned">
      <button
        type="button"
        class="primary"
        disabled={why !== undefined}
        aria-describedby={why === undefined ? undefined : 'why-not-generate'}
        onClick={() => setAsking(true)}
      >
        <Icon name="spark" />
        Generate {wanted.length} missing ({price})
      </button>
      {why !== undefined && (
        <p class="reason" id="why-not-generate">
          {why}
        </p>
      )}
      {isAsking && <Confirm pictures={wanted} price={price} close={() => setAsking(false)} />}
    </div>
  )
}

const LISTED = 8

function Confirm(props: {
  pictures: readonly PictureItem[]
  price: string
  close: () => void
}): JSX.Element {
  const { api } = useStudio()
  const { pictures, price, close } = props
  const [generate] = useAction(async () => {
    const generated = api.generate(pictures.map(({ id }) => id))
    close()
    await generated
  })
  const count = pictures.length === 1 ? '1 picture' : `${pictures.length} pictures`
  return (
    <Dialog
      title={`Generate ${count} for ${price}?`}
      close={close}
      actions={
        <>
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="button" class="primary" onClick={generate}>
            Generate for {price}
          </button>
        </>
      }
    >
      <ul class="priced">
        {pictures.slice(0, LISTED).map(({ id, label, price: own }) => (
          <li key={id}>
            <span class="path">{label}</span>
            <span class="price">{own}</span>
          </li>
        ))}
      </ul>
      {pictures.length > LISTED && <p class="muted">and {pictures.length - LISTED} more</p>}
    </Dialog>
  )
}
