import type { Capability } from './capability.ts'
import { EDITING } from './editing.ts'
import { GENERATION } from './generation.ts'
import { COMPOSITION } from './composition.ts'
import { TEMPLATE_CASES } from './templates.ts'

/** Everything that Google's image-generation guide says its models can do, as declarations. */
export const CAPABILITIES: readonly Capability[] = [
  ...GENERATION,
  ...EDITING,
  ...COMPOSITION,
  ...TEMPLATE_CASES,
]
