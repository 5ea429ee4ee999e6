import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import { COMMON_SETTINGS, type Draft } from './draft.ts'
import { Icon } from './icon.tsx'

type Settings = Draft['settings']

const SUGGESTED: Readonly<Record<string, readonly string[]>> = {
  aspectRatio: ['1:1', '3:2', '2:3', '4:3', '3:4', '16:9', '9:16', '21:9', 'auto'],
  size: ['512', '1K', '2K', '4K'],
}

const WORDS: Readonly<Record<string, string>> = {
  aspectRatio: 'Aspect ratio',
  size: 'Size',
  model: 'Model',
  variants: 'Variants',
  alt: 'Alternative text',
}

const isCommon = (name: string): boolean => COMMON_SETTINGS.some((one) => one === name)

/** The usual settings, then all others as names and values. An empty one is taken out of the source. */
export function SettingFields(props: {
  settings: Settings
  change: (settings: Settings) => void
}): JSX.Element {
  const { settings, change } = props
  const set = (at: number, entry: Settings[number]): void => change(settings.with(at, entry))
  return (
    <>
      <div class="fields">
        {settings.map(
          ([name, text], at) =>
            isCommon(name) && (
              <Field key={name} name={name} text={text} change={(text) => set(at, [name, text])} />
            ),
        )}
      </div>
      <fieldset class="others">
        <legend>Other settings</legend>
        {settings.map(
          ([name, text], at) =>
            !isCommon(name) && (
              <div class="other" key={at}>
                <input
                  class="path"
                  aria-label="Setting"
                  placeholder="seed"
                  value={name}
                  onInput={({ currentTarget }) => set(at, [currentTarget.value, text])}
                />
                <input
                  class="path"
                  aria-label={name ? `Value of ${name}` : 'Value'}
                  placeholder="42"
                  value={text}
                  onInput={({ currentTarget }) => set(at, [name, currentTarget.value])}
                />
                <button
                  type="button"
                  class="quiet square"
                  aria-label={`Take ${name || 'this setting'} away`}
                  onClick={() => change(settings.toSpliced(at, 1))}
                >
                  <Icon name="close" />
                </button>
              </div>
            ),
        )}
        <button type="button" class="quiet" onClick={() => change([...settings, ['', '']])}>
          <Icon name="plus" />
          Add a setting
        </button>
      </fieldset>
    </>
  )
}

function Field(props: { name: string; text: string; change: (text: string) => void }): JSX.Element {
  const { name, text, change } = props
  const list = useId()
  const suggested = SUGGESTED[name] ?? []
  return (
    <label class={name === 'alt' ? 'field is-long' : 'field'}>
      <span>{WORDS[name]}</span>
      <input
        value={text}
        type={name === 'variants' ? 'number' : 'text'}
        min={1}
        max={16}
        list={suggested.length > 0 ? list : undefined}
        placeholder={name === 'alt' ? '' : 'Default'}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
      {suggested.length > 0 && (
        <datalist id={list}>
          {suggested.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
    </label>
  )
}
