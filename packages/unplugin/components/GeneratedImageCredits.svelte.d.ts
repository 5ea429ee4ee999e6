import type { Component } from 'svelte'
import type { CreditsProps } from '../dist/credits.js'

export type { CreditsProps } from '../dist/credits.js'

/** What Google wants to be shown beside a picture of looked-up data; nothing where nothing was looked up. */
declare const GeneratedImageCredits: Component<CreditsProps>
type GeneratedImageCredits = ReturnType<typeof GeneratedImageCredits>
export default GeneratedImageCredits
