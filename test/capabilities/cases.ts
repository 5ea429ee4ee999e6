import type { Capability } from './capability.ts'
import { EDITING } from './editing.ts'
import { GENERATION } from './generation.ts'
import { COMPOSITION } from './composition.ts'
import { withAlt } from '../support/with-alt.ts'
import { TEMPLATE_CASES } from './templates.ts'

/** Everything that Google's image-generation guide says its models can do, as declarations. */
export const CAPABILITIES: readonly Capability[] = [
  ...GENERATION,
  ...EDITING,
  ...COMPOSITION,
  ...TEMPLATE_CASES,
].map((one) => ({ ...one, files: described(one.files) }))

/** No request holds an alternative text, and every declaration has one. */
function described(files: Capability['files']): Capability['files'] {
  const entries = Object.entries(files).map(([file, text]) => [
    file,
    file.endsWith('.prompt.md') ? withAlt(text) : text,
  ])
  return Object.fromEntries(entries)
}
