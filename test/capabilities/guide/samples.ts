import { BASICS } from './basics.ts'
import type { SampleRow } from './guide.ts'
import { PROMPTING } from './prompting.ts'

/** Every code sample of the five versions, in the order of the newest. */
export const SAMPLES: readonly SampleRow[] = [...BASICS, ...PROMPTING]
