import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PictureItem } from '../protocol.ts'
import { addressOf } from './address.ts'
import { Dialog } from './dialog.tsx'
import { useAction, useStudio } from './studio.ts'

/** A file that is to take the place of a picture. */
export interface Adopting {
  readonly picture: PictureItem
  readonly file: File
}

/** The kinds of files that may be adopted. */
export const ADOPTED_TYPES = 'image/png,image/jpeg,image/webp'

/** Shows both before anything is done. */
export function AdoptDialog(props: Adopting & { close: () => void }): JSX.Element {
  const { picture, file, close } = props
  const { api, say } = useStudio()
  const address = useAddress(file)
  const [adopt, isBusy] = useAction(async () => {
    const { hints } = await api.adopt(picture.id, { name: file.name, data: await inBase64(file) })
    close()
    for (const hint of hints) say(hint)
  })
  return (
    <Dialog
      title={`Adopt ${file.name} as ${picture.name}?`}
      close={close}
      isWide
      actions={
        <>
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="button" class="primary" disabled={isBusy} onClick={adopt}>
            {isBusy ? 'Adopting…' : 'Adopt this file'}
          </button>
        </>
      }
    >
      <div class="before-after">
        <figure>
          <div class="mat">
            {picture.image ? (
              <img src={addressOf(picture.image, 640)} alt={`${picture.name} now`} />
            ) : (
              <p class="muted">No picture</p>
            )}
          </div>
          <figcaption>Now</figcaption>
        </figure>
        <figure>
          <div class="mat">{address && <img src={address} alt={`The file ${file.name}`} />}</div>
          <figcaption>{file.name}</figcaption>
        </figure>
      </div>
      <p>
        The site shows this file from now on, with the same renditions and alternative text. It is
        labelled as brought by a person, not as generated.
      </p>
    </Dialog>
  )
}

function useAddress(file: File): string | undefined {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return address
}

function inBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')))
    reader.addEventListener('error', () => reject(new Error(`${file.name} cannot be read.`)))
    reader.readAsDataURL(file)
  })
}
