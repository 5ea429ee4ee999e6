import path from 'node:path'
import { GeminiImageError } from '../kernel/errors/error.ts'
import type { Place } from '../kernel/place.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'
import { withTurns } from './added-turns.ts'
import { isInlineId, settingPlace, type Declaration, type Setting } from './declaration.ts'
import { readScenes, type Settings } from './settings.ts'
import type { SceneSetting } from './scene-settings.ts'

/** A scene with what it takes over from the one that it goes on from. */
export interface Scene extends Pick<SceneSetting, 'media' | 'scheme' | 'focus'> {
  readonly name: string
  /** Where it has another shape than the picture: what it is drawn in, or cropped to. */
  readonly aspectRatio: string | undefined
  /** Whether it is cropped from the picture, and not drawn. */
  readonly isCropped: boolean
}

/** In the place of a scene's name under `from`: it is cropped from the picture, which costs nothing. */
const CROP = 'crop'

/** What a scene without a prompt says. It is part of fingerprints: it never changes. */
const RECOMPOSED = 'The same picture, composed anew for this format.'

/** The names of the scenes that are drawn, each of which is a picture of its own. */
export function drawnScenes(declaration: Declaration): readonly string[] {
  const scenes = Object.entries(readScenes(declaration) ?? {})
  return scenes.flatMap(([name, { from }]) => (from === CROP ? [] : name))
}

/** The scenes of a declaration, in its order. */
export function scenesOf({ scenes = {} }: Pick<Settings, 'scenes'>): readonly Scene[] {
  return Object.keys(scenes).map((name) => {
    const chain = chainOf(name, scenes)
    const last = <Key extends 'aspectRatio' | 'media' | 'scheme' | 'focus'>(
      key: Key,
    ): SceneSetting[Key] => chain.findLast(([, one]) => one[key] !== undefined)?.[1][key]
    return {
      name,
      media: last('media'),
      scheme: last('scheme'),
      focus: last('focus'),
      aspectRatio: last('aspectRatio'),
      isCropped: scenes[name]?.from === CROP,
    }
  })
}

type Scenes = NonNullable<Settings['scenes']>

/** A scene after those that it goes on from; a loop ends where it is closed. */
function chainOf(name: string, scenes: Scenes): (readonly [name: string, scene: SceneSetting])[] {
  const chain = new Map<string, SceneSetting>()
  for (let next: string | undefined = name; next !== undefined && !chain.has(next);) {
    const scene: SceneSetting | undefined = scenes[next]
    if (!scene) break
    chain.set(next, scene)
    next = scene.from
  }
  return [...chain].toReversed()
}

/**
 * The declaration of a scene: the picture's, with what the scene says as its next turn.
 * @throws {GeminiImageError} `NOT_IN_SET` where there is no such scene, or it is cropped.
 */
export function sceneOf(declaration: Declaration, name: string): Declaration {
  const scenes = readScenes(declaration) ?? {}
  const own = scenes[name]
  if (!own) throw noSuchScene(declaration, name, Object.keys(scenes))
  if (own.from === CROP) throw isCropped(declaration, name, own)
  const chain = chainOf(name, scenes)
  const drawn = withTurns(
    declaration,
    chain.map(([one, { prompt = RECOMPOSED, aspectRatio, size }]) => ({
      prompt,
      aspectRatio,
      size,
      at: (which, path) => settingPlace(declaration, 'scenes', [one, ...path], which),
    })),
  )
  const settings = new Map(drawn.settings)
  settings.delete('scenes')
  for (const key of ['alt', 'focus'] as const) {
    const said = chain.findLast(([, one]) => one[key] !== undefined)
    if (said) settings.set(key, settingOf(said[1][key], declaration, [said[0], key]))
  }
  return { ...declaration, settings }
}

function settingOf(value: unknown, { settings, place }: Declaration, at: string[]): Setting {
  const scenes = settings.get('scenes')
  return {
    value,
    keyPlace: () => scenes?.keyPlace(at) ?? place,
    valuePlace: () => scenes?.valuePlace(at) ?? place,
  }
}

/** The place of a scene. */
function placeOfScene({ settings, place }: Declaration, name: string): Place {
  return settings.get('scenes')?.keyPlace([name]) ?? place
}

/** What is wrong with the scenes of a declaration, beyond what the model of each has to say. */
export function sceneProblems(
  declaration: Declaration,
  { scenes = {} }: Pick<Settings, 'scenes'>,
): readonly GeminiImageError[] {
  const names = Object.keys(scenes)
  if (names.length === 0) return []
  if (isInlineId(declaration.id)) return [notInAFile(declaration)]
  const shown = new Map(scenesOf({ scenes }).map((scene) => [scene.name, scene]))
  return names.flatMap((name) => {
    const found = problemOf(name, scenes, shown.get(name))
    if (!found) return []
    const [key, what, fix] = found
    const place = settingPlace(declaration, 'scenes', key === '' ? [name] : [name, key])
    return new GeminiImageError({ code: 'INVALID_VALUE', what, fix, place })
  })
}

type Problem = readonly [key: string, what: string, fix: string]

function problemOf(name: string, scenes: Scenes, scene: Scene | undefined): Problem | undefined {
  const { from, prompt, size, aspectRatio } = scenes[name] ?? {}
  const others = Object.keys(scenes).filter((other) => other !== name)
  if (from !== undefined && from !== CROP && !others.includes(from)) {
    const known = [CROP, ...others]
    const fix = `${didYouMean(from, known)}"from" is ${listWords(known)}; leave it out for the picture itself.`
    return ['from', `The scene "${name}" goes on from "${from}", which is no other scene.`, fix]
  }
  const chain = chainOf(name, scenes)
  const first = chain[0]?.[1].from
  if (first === CROP && from !== CROP)
    return [
      'from',
      `The scene "${name}" goes on from one that is cropped.`,
      'go on from the picture: leave "from" out.',
    ]
  if (first !== undefined && first !== CROP)
    return [
      'from',
      `The scene "${name}" goes on from itself.`,
      'take "from" out of one of these scenes.',
    ]
  if (!scene?.media && !scene?.scheme)
    return [
      '',
      `Nothing says when the scene "${name}" is shown.`,
      'write "media: (max-width: 600px)", "scheme: dark", or both.',
    ]
  if (from !== CROP && prompt === undefined && aspectRatio === undefined)
    return [
      '',
      `Nothing says how the scene "${name}" differs.`,
      'write a prompt, such as "The same place at night.", an aspectRatio, or both.',
    ]
  if (from !== CROP) return undefined
  if (aspectRatio === undefined)
    return [
      '',
      `Nothing says what the scene "${name}" is cropped to.`,
      'write its aspectRatio, such as 9:16.',
    ]
  if (!/^[1-9]\d{0,4}:[1-9]\d{0,4}$/.test(aspectRatio))
    return [
      'aspectRatio',
      `The scene "${name}" cannot be cropped to "${aspectRatio}".`,
      'write a ratio such as 9:16.',
    ]
  const drawn = prompt === undefined ? (size === undefined ? undefined : 'size') : 'prompt'
  return (
    drawn && [
      drawn,
      `The scene "${name}" is cropped from the picture, and nothing is drawn.`,
      `take "${drawn}" out; or draw it: take out "from".`,
    ]
  )
}

function noSuchScene(
  declaration: Declaration,
  name: string,
  known: readonly string[],
): GeminiImageError {
  const are =
    known.length > 0
      ? `Its scenes are ${listWords(known)}.`
      : 'It declares none: leave "scene=…" out, or declare it under "scenes".'
  return new GeminiImageError({
    code: 'NOT_IN_SET',
    what: `There is no scene "${name}" in ${declaration.place.path}.`,
    fix: `${didYouMean(name, known)}${are}`,
    place: settingPlace(declaration, 'scenes'),
  })
}

function isCropped(
  declaration: Declaration,
  name: string,
  { aspectRatio = '9:16' }: SceneSetting,
): GeminiImageError {
  return new GeminiImageError({
    code: 'NOT_IN_SET',
    what: `The scene "${name}" in ${declaration.place.path} is cropped from the picture, and is none of its own.`,
    fix: `import the picture with "as=picture", which shows it; for the crop alone write "./${path.basename(declaration.file)}?ratio=${aspectRatio}&as=url&gemini-image".`,
    place: placeOfScene(declaration, name),
  })
}

function notInAFile(declaration: Declaration): GeminiImageError {
  return new GeminiImageError({
    code: 'UNSUPPORTED_SETTING',
    what: 'Scenes are several pictures, and one is declared here.',
    fix: 'declare the picture in a prompt file, and import it with "as=picture".',
    place: settingPlace(declaration, 'scenes'),
  })
}
