import type { AliasRow, ModelRow } from './model.ts'
import { fourteenRatios, GEMINI_2_5, tenRatios } from './pixels.ts'

const DOCS = 'https://ai.google.dev/gemini-api/docs/image-generation'
const PRICING = 'https://ai.google.dev/gemini-api/docs/pricing'
const AS_OF = '2026-11-21'

/**
 * The image models that can be declared. Data only: validation, prices, placeholders and the docs
 * tables derive from these rows.
 *
 * Where public sources disagree on a price, the row holds the dearer figure, because the budget
 * is checked against it.
 */
export const MODELS: readonly ModelRow[] = [
  {
    id: 'gemini-nano-banana-2.1',
    name: 'Nano Banana 2.1',
    sizes: {
      '1K': { pixels: fourteenRatios(1), tokens: 1120 },
      '2K': { pixels: fourteenRatios(2), tokens: 1680 },
      '4K': { pixels: fourteenRatios(4), tokens: 3780 },
    },
    takesSize: true,
    price: { textIn: 1.5, textOut: 7.5, imageOut: 30 },
    source: PRICING,
    asOf: AS_OF,
  },
  {
    id: 'gemini-3-pro-image',
    name: 'Nano Banana Pro',
    sizes: {
      '1K': { pixels: tenRatios(1), tokens: 1120 },
      '2K': { pixels: tenRatios(2), tokens: 1120 },
      '4K': { pixels: tenRatios(4), tokens: 2000 },
    },
    takesSize: true,
    price: { textIn: 2, textOut: 12, imageOut: 120 },
    source: PRICING,
    asOf: AS_OF,
  },
  {
    id: 'gemini-3.1-flash-lite-image',
    name: 'Nano Banana 2 Lite',
    sizes: { '1K': { pixels: tenRatios(1), tokens: 1120 } },
    takesSize: false,
    price: { textIn: 0.25, textOut: 1.5, imageOut: 30 },
    source: PRICING,
    asOf: AS_OF,
  },
  {
    id: 'gemini-3.1-flash-image',
    name: 'Nano Banana 2',
    sizes: {
      '512': { pixels: fourteenRatios(0.5), tokens: 747 },
      '1K': { pixels: fourteenRatios(1), tokens: 1120 },
      '2K': { pixels: fourteenRatios(2), tokens: 1680 },
      '4K': { pixels: fourteenRatios(4), tokens: 2520 },
    },
    takesSize: true,
    price: { textIn: 0.5, textOut: 3, imageOut: 60 },
    shutdown: '2026-10-29',
    successor: 'gemini-nano-banana-2.1',
    source: DOCS,
    asOf: AS_OF,
  },
  {
    id: 'gemini-2.5-flash-image',
    name: 'Nano Banana',
    sizes: { '1K': { pixels: GEMINI_2_5, tokens: 1290 } },
    takesSize: false,
    price: { textIn: 0.3, textOut: 2.5, imageOut: 30 },
    shutdown: '2026-10-02',
    successor: 'gemini-nano-banana-2.1',
    source: DOCS,
    asOf: AS_OF,
  },
]

/**
 * Names that move with Google's line-up. What an alias points to is not part of a fingerprint, so
 * moving one never changes a pinned picture.
 */
export const ALIASES: readonly AliasRow[] = [
  { alias: 'nano-banana', candidates: ['gemini-nano-banana-2.1'] },
  { alias: 'nano-banana-2', candidates: ['gemini-nano-banana-2.1'] },
  { alias: 'nano-banana-pro', candidates: ['gemini-3-pro-image'] },
  { alias: 'nano-banana-lite', candidates: ['gemini-3.1-flash-lite-image'] },
]

/** The model of a declaration that names none. Part of fingerprint format 1: it never changes. */
export const DEFAULT_MODEL = 'nano-banana'
