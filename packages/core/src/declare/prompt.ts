import path from 'node:path'
import { GeminiImageError, joinErrors, oursOrThrow } from '../kernel/errors/error.ts'
import { openFiles, type ProjectFiles } from '../kernel/files/files.ts'
import {
  checkSlots,
  isTemplateName,
  renderTemplate,
  TEMPLATES,
  type SlotProblem,
  type TemplateName,
  type TemplateSlots,
} from './templates/templates.ts'
import { settingPlace, type Declaration } from './declaration.ts'
import { placeOfOffset, projectPath, type Place } from '../kernel/place.ts'
import { parsePromptFile } from './prompt-file.ts'
import type { OwnSettings, Settings } from './settings.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'
import { altOf, hasTexts, type SiteLanguages } from './languages.ts'
import { variablesOfLayers } from './layers.ts'
import { LANGUAGE } from './selection.ts'
import { SHEET, sharedValues } from './sheets.ts'
import { VARIABLE, variablesIn } from './variables.ts'
import { findImageMarkers, imageMarker } from '../providers/image-markers.ts'

/** What prompts are put together from, besides the declaration itself. */
export interface PromptSources {
  readonly root?: string | undefined
  /** The gate to its files. @default one of their own */
  readonly files?: ProjectFiles | undefined
  /** Name → text that is added to the prompt. */
  readonly styles?: Readonly<Record<string, string>> | undefined
  /** Name → text that replaces `{{name}}`. */
  readonly vars?: Readonly<Record<string, string>> | undefined
  /** The languages of the site, where they are known. They are asked for where something depends on them. */
  readonly siteLanguages?: (() => SiteLanguages | undefined) | undefined
}

/** A declaration's texts as they are sent, and as pages show them. */
interface WrittenPrompt extends Pick<Settings, 'altDraft'> {
  readonly alt: string | undefined
  /** Language → alternative text, where they are declared by language. */
  readonly alts?: Readonly<Record<string, string>> | undefined
  /** That of the picture, where it is one of a set by language. */
  readonly language?: string | undefined
  readonly prompt: string
  readonly turns: readonly string[]
  readonly system: string | undefined
  /** Absolute paths of the style files that went into it. */
  readonly styleFiles: readonly string[]
}

interface Paragraph {
  readonly text: string
  /** The place of an offset in the text, or the nearest that is known. */
  at(offset: number): Place
}

interface Style extends Paragraph {
  readonly vars: Readonly<Record<string, string>>
  readonly file: string | undefined
}

/**
 * Puts a prompt together: template, then body, then styles, a paragraph each, with `{{variables}}`
 * replaced. A declaration's own variables beat a style file's, and those beat the configuration's.
 * @param values The variables of this one of several pictures, which beat all others.
 * @throws {GeminiImageError} `EMPTY_PROMPT`, `UNKNOWN_TEMPLATE`, `INVALID_SLOT`, `UNKNOWN_STYLE`,
 *   `UNKNOWN_VARIABLE`, `UNKNOWN_LABEL`; `INVALID_VALUE` for a value that makes no difference.
 */
export function writePrompt(
  declaration: Declaration,
  settings: OwnSettings,
  sources: PromptSources,
  values: Readonly<Record<string, string>> = {},
): WrittenPrompt {
  const { prompt } = declaration
  const { alt, altDraft } = settings
  const isAlone = isPlain(settings) && prompt !== '' && !prompt.includes('{{')
  if (!isAlone || typeof alt === 'object')
    return putTogether(declaration, settings, sources, values)
  return { prompt, turns: [], system: undefined, styleFiles: [], alt, altDraft }
}

function putTogether(
  declaration: Declaration,
  settings: OwnSettings,
  sources: PromptSources,
  values: Readonly<Record<string, string>>,
): WrittenPrompt {
  const { prompt: body, place } = declaration
  const styles = (settings.style ?? []).map((name, index) => {
    const isOne = typeof declaration.settings.get('style')?.value === 'string'
    return findStyle(name, settingPlace(declaration, 'style', isOne ? [] : [index]), sources)
  })
  const ofStyles = styles.map((style) => style.vars)
  const vars = Object.assign({}, sources.vars, ...ofStyles, settings.vars, values)
  const used = new Set(variablesOfLayers(settings))
  // All pictures of a sheet begin with the same words.
  const sentVars = { ...vars, ...sharedValues(settings) }
  const fill = ({ text, at }: Paragraph, images: NamedImages, of = sentVars): string =>
    images.placedIn(replaceVariables(text, of, at, used), { text, at })
  const shown = new NamedImages(settings.references)
  const possible: readonly Paragraph[] = [
    ...fromTemplate(settings, declaration),
    { text: body, at: (offset) => placeOfOffset(body, offset, place) },
    ...fromSheet(settings, declaration),
    ...styles,
  ]
  const paragraphs = possible.filter(({ text }) => text !== '')
  if (paragraphs.length === 0) throw emptyPrompt(place)
  const fillText = (text: string, ...path: [string, string?]): string => {
    const at = (): Place => settingPlace(declaration, path[0], path.slice(1) as string[])
    const of = path[0] === 'system' ? sentVars : vars
    return fill({ text, at }, new NamedImages(undefined), of)
  }
  const fillSetting = (name: 'system' | 'altDraft'): string | undefined =>
    settings[name] && fillText(settings[name], name)
  const sent = {
    prompt: paragraphs.map((one) => fill(one, shown)).join('\n\n'),
    turns: (settings.turns ?? []).map(({ prompt: text, references }, index) => {
      const at = (): Place => settingPlace(declaration, 'turns', [index])
      return fill({ text, at }, new NamedImages(references))
    }),
    system: fillSetting('system'),
    styleFiles: styles.flatMap(({ file }) => file ?? []),
  }
  if ([...used].some((name) => hasTexts(declaration, name))) used.add(LANGUAGE)
  const idle = Object.keys(values).find((name) => !used.has(name) && name !== SHEET)
  if (idle !== undefined) throw unusedValue(idle, declaration)
  const isOfSet = (settings.each ?? settings.sheet) !== undefined
  const filled = isOfSet ? fillAlt(settings.alt, fillText) : settings.alt
  const language = values[LANGUAGE]
  const alt = altOf(filled, language, sources.siteLanguages)
  const altDraft = isOfSet ? fillSetting('altDraft') : settings.altDraft
  const alts = typeof filled === 'object' ? filled : undefined
  return { ...sent, alt, altDraft, alts, language }
}

function fillAlt(
  alt: Settings['alt'],
  fill: (text: string, ...path: [string, string?]) => string,
): Settings['alt'] {
  if (typeof alt !== 'object') return alt && fill(alt, 'alt')
  const texts = Object.entries(alt).map(([language, text]) => [
    language,
    fill(text, 'alt', language),
  ])
  return Object.fromEntries(texts) as Readonly<Record<string, string>>
}

/** Whether the body is all that is sent, as it stands. */
function isPlain({ template, style, turns, system, each, sheet }: Settings): boolean {
  return (template ?? style ?? turns ?? system ?? each ?? sheet) === undefined
}

/** What the first picture of a sheet shows, unless the prompt says where that stands. */
function fromSheet(settings: Settings, declaration: Declaration): readonly Paragraph[] {
  const { [SHEET]: text } = sharedValues(settings)
  if (text === undefined || variablesIn(declaration.prompt).includes(SHEET)) return []
  return [{ text, at: () => settingPlace(declaration, SHEET) }]
}

/** All pictures would be the same. */
function unusedValue(name: string, declaration: Declaration): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_VALUE',
    what: `Nothing of what is sent or drawn names {{${name}}}, so its values make no difference.`,
    fix: `write {{${name}}} in the prompt, in a turn or in a layer, or take "${name}" out of "each".`,
    place: declaration.settings.get('each')?.keyPlace([name]) ?? settingPlace(declaration, 'each'),
  })
}

function fromTemplate(
  { template: name, slots = {} }: Settings,
  declaration: Declaration,
): readonly Paragraph[] {
  if (name === undefined) return []
  if (!isTemplateName(name)) {
    const names = Object.keys(TEMPLATES)
    throw new GeminiImageError({
      code: 'UNKNOWN_TEMPLATE',
      what: `"${name}" is not a template.`,
      fix: `${didYouMean(name, names)}The templates are ${listWords(names)}.`,
      place: settingPlace(declaration, 'template'),
    })
  }
  // A key with nothing behind it reads as null in YAML.
  const filled = Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== null))
  const problems = checkSlots(name, filled)
  if (problems.length > 0) {
    throw joinErrors(problems.map((problem) => invalidSlot(problem, name, declaration)))
  }
  const text = renderTemplate(name, filled as unknown as TemplateSlots[typeof name])
  return [{ text, at: () => slotsPlace(declaration) }]
}

/** Where the slots stand, or one of them; the template, where it has none written. */
function slotsPlace(declaration: Declaration, path?: readonly PropertyKey[]): Place {
  return settingPlace(declaration, declaration.settings.has('slots') ? 'slots' : 'template', path)
}

function invalidSlot(
  { kind, slot }: SlotProblem,
  name: TemplateName,
  declaration: Declaration,
): GeminiImageError {
  const slots = Object.entries<{ describe: string; required: boolean }>(TEMPLATES[name].slots)
  const known = slots.map(([key, { required }]) => (required ? key : `${key} (optional)`))
  const describe = slots.find(([key]) => key === slot)?.[1].describe
  const what = {
    unknown: `The template "${name}" has no slot "${slot}".`,
    missing: `The template "${name}" needs the slot "${slot}".`,
    'not-text': `The slot "${slot}" is not text.`,
  }[kind]
  return new GeminiImageError({
    code: 'INVALID_SLOT',
    what,
    fix: describe
      ? `write under "slots" ${slot}: ${describe}.`
      : `${didYouMean(
          slot,
          slots.map(([key]) => key),
        )}Its slots are ${listWords(known)}.`,
    place: slotsPlace(declaration, [slot]),
  })
}

function findStyle(name: string, place: Place, sources: PromptSources): Style {
  const { root = '', files = openFiles(root), styles = {} } = sources
  if (/^\.{0,2}\//.test(name)) return readStyleFile(name, place, files)
  if (Object.hasOwn(styles, name)) {
    return { text: styles[name] ?? '', at: () => place, vars: {}, file: undefined }
  }
  const names = Object.keys(styles)
  const known = names.length > 0 ? `The styles are ${listWords(names)}.` : 'No style is configured.'
  throw new GeminiImageError({
    code: 'UNKNOWN_STYLE',
    what: `"${name}" is not a style.`,
    fix: `${didYouMean(name, names)}${known} Add it to the option "styles", or name a file (./brand.style.md).`,
    place,
  })
}

/** A style file is Markdown: the text to add, and variables in its frontmatter. */
function readStyleFile(name: string, place: Place, files: ProjectFiles): Style {
  const { root } = files
  const file = path.join(name.startsWith('/') ? root : path.dirname(place.file), name)
  const source = readText(file, place, files)
  const { prompt, settings, place: start } = parsePromptFile(source, file, root)
  const unknown = [...settings].find(([key]) => key !== 'vars')
  const written = settings.get('vars')
  const value = written?.value ?? {}
  const isMap = isRecord(value)
  const vars = isMap ? Object.entries(value) : []
  if (unknown || !isMap || vars.some(([, value]) => typeof value === 'object')) {
    throw new GeminiImageError({
      code: unknown ? 'UNKNOWN_KEY' : 'INVALID_VALUE',
      what: unknown ? `"${unknown[0]}" is not a setting of a style.` : 'A variable is not text.',
      fix: 'a style file has "vars", one "name: text" a line, and the text of the style below.',
      place: unknown ? unknown[1].keyPlace() : (written?.valuePlace() ?? place),
    })
  }
  return {
    text: prompt,
    at: (offset) => placeOfOffset(prompt, offset, start),
    vars: Object.fromEntries(vars.map(([key, value]) => [key, String(value)])),
    file,
  }
}

function readText(file: string, place: Place, files: ProjectFiles): string {
  try {
    const text = files.readText('style', file)
    if (text !== undefined) return text
  } catch (error) {
    throw oursOrThrow(error).at(place)
  }
  throw new GeminiImageError({
    code: 'UNKNOWN_STYLE',
    what: `There is no style file ${projectPath(files.root, file)}.`,
    fix: 'create it, or fix the path.',
    place,
  })
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function replaceVariables(
  text: string,
  vars: Readonly<Record<string, string>>,
  at: (offset: number) => Place,
  used: Set<string>,
): string {
  if (!text.includes('{{')) return text
  return text.replaceAll(VARIABLE, (whole, backslash: string, name: string, offset: number) => {
    if (backslash !== '') return whole.slice(1)
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined
    used.add(name)
    if (value !== undefined) return value
    const names = Object.keys(vars)
    throw new GeminiImageError({
      code: 'UNKNOWN_VARIABLE',
      what: `{{${name}}} has no value.`,
      fix: `${didYouMean(name, names)}${names.length > 0 ? `The variables are ${listWords(names)}. ` : ''}Define it under "vars" here, in a style file or in the options; or write \\{{${name}}} to keep the braces.`,
      place: at(offset),
    })
  })
}

/** The reference images that a message may name, each once. */
class NamedImages {
  readonly #labels: readonly string[]
  readonly #named = new Set<string>()

  constructor(references: Settings['references'] = []) {
    this.#labels = references.flatMap(({ label }) => label ?? [])
  }

  /**
   * A paragraph in which each image is named as requests name it.
   * @param filled The paragraph with its variables replaced.
   * @throws {GeminiImageError} `UNKNOWN_LABEL`.
   */
  placedIn(filled: string, { text, at }: Paragraph): string {
    let placed = ''
    let from = 0
    for (const { label, start, end } of findImageMarkers(filled)) {
      const problem = this.#problemOf(label)
      if (problem) {
        const written = [...findImageMarkers(text)].filter((one) => one.label === label)
        const place = at((this.#named.has(label) ? written.at(-1) : written[0])?.start ?? 0)
        throw new GeminiImageError({ code: 'UNKNOWN_LABEL', ...problem, place })
      }
      this.#named.add(label)
      placed += filled.slice(from, start) + imageMarker(label)
      from = end
    }
    return placed + filled.slice(from)
  }

  #problemOf(label: string): Pick<GeminiImageError, 'what' | 'fix'> | undefined {
    const marker = imageMarker(label)
    const count = this.#labels.filter((one) => one === label).length
    if (count > 1) {
      return {
        what: `${marker} may be any of ${count} references with that label.`,
        fix: 'give each a label of its own.',
      }
    }
    if (this.#named.has(label)) {
      return {
        what: `${marker} stands here a second time, and an image is shown once.`,
        fix: 'take one of them out: words can call the image by its label.',
      }
    }
    if (count === 1) return undefined
    const known = this.#labels.length > 0 ? `The labels are ${listWords(this.#labels)}. ` : ''
    return {
      what: `${marker} names no reference that is shown here.`,
      fix: `${didYouMean(label, this.#labels)}${known}Give the reference that label ({ image: …, label: ${label} }), in a turn one of the turn's own; or write \\${marker} to keep the braces.`,
    }
  }
}

function emptyPrompt(place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'EMPTY_PROMPT',
    what: 'There is no prompt here.',
    fix: 'describe the picture in words, in a prompt file below the frontmatter; or name a template.',
    place,
  })
}
