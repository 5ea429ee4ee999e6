import type { Component } from 'svelte'
import type { CreditsProps } from '../dist/credits.js'

export type { CreditsProps } from '../dist/credits.js'

/** Shows what Google requires beside a picture of looked-up data; it is empty where Google looked nothing up. */
declare const GeneratedImageCredits: Component<CreditsProps>
type GeneratedImageCredits = ReturnType<typeof GeneratedImageCredits>
export default GeneratedImageCredits
