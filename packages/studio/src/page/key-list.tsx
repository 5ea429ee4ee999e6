import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Dialog } from './dialog.tsx'
import { isTyping } from './keys.ts'

const KEYS: readonly (readonly [heading: string, keys: readonly (readonly [string, string])[]])[] =
  [
    [
      'Gallery',
      [
        ['← ↑ → ↓', 'Move between pictures'],
        ['Enter', 'Open the picture'],
        ['/', 'Filter'],
      ],
    ],
    [
      'Picture',
      [
        ['← →', 'Previous and next picture'],
        ['+ −', 'Zoom in and out'],
        ['0', 'Fit'],
        ['1', 'Actual size'],
        ['Esc', 'Back to the gallery'],
      ],
    ],
    [
      'Compare',
      [
        ['← →', 'Move the divider'],
        ['Home End', 'Show only one of the two'],
      ],
    ],
  ]

/** `?` lists the keys. */
export function KeyList(): JSX.Element | null {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key === '?' && !isTyping(event)) setOpen(true)
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
  if (!isOpen) return null
  return (
    <Dialog title="Keys" close={() => setOpen(false)}>
      <div class="keys">
        {KEYS.map(([heading, keys]) => (
          <section key={heading}>
            <h3>{heading}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
