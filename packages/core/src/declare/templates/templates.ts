import { EDITING, type EditingSlots } from './editing.ts'
import { GENERATION, type GenerationSlots } from './generation.ts'
import type { Slot, TemplatesOf } from './template.ts'

export interface TemplateSlots extends GenerationSlots, EditingSlots {}

export type TemplateName = keyof TemplateSlots

/** Why slots do not fit their template. */
export interface SlotProblem {
  /** The template has no such slot, needs it and does not get it, or gets something else than text. */
  readonly kind: 'unknown' | 'missing' | 'not-text'
  readonly slot: string
}

/**
 * The prompt templates, by name.
 *
 * The prompt is part of an image's fingerprint: to reword a template is to have its pictures
 * generated, and paid for, again.
 */
export const TEMPLATES: TemplatesOf<TemplateSlots> = { ...GENERATION, ...EDITING }

export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(TEMPLATES, name)
}

/** The prompt that a template makes of its slots. */
export function renderTemplate<Name extends TemplateName>(
  name: Name,
  slots: TemplateSlots[Name],
): string {
  return TEMPLATES[name].write(slots)
}

/** What is wrong with slots that come from outside (a prompt file); empty where they fit. */
export function checkSlots(
  name: TemplateName,
  slots: Readonly<Record<string, unknown>>,
): readonly SlotProblem[] {
  const known: Readonly<Record<string, Slot>> = TEMPLATES[name].slots
  const given = Object.entries(slots).flatMap(([slot, value]): SlotProblem[] => {
    if (!Object.hasOwn(known, slot)) return [{ kind: 'unknown', slot }]
    if (value !== undefined && typeof value !== 'string') return [{ kind: 'not-text', slot }]
    return []
  })
  const missing = Object.entries(known)
    .filter(([slot, { required }]) => required && isAbsent(slots, slot))
    .map(([slot]): SlotProblem => ({ kind: 'missing', slot }))
  return [...given, ...missing]
}

function isAbsent(slots: Readonly<Record<string, unknown>>, slot: string): boolean {
  const value = Object.hasOwn(slots, slot) ? slots[slot] : undefined
  return value === undefined || (typeof value === 'string' && value.trim() === '')
}
