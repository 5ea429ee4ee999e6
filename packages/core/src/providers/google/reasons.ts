/** What a reason of Google's means, and what to try. */
export interface Reason {
  /** `BLOCKED`: the same words are most likely blocked again. The others: trying again may help. */
  readonly code: 'BLOCKED' | 'NO_IMAGE' | 'NO_TEXT'
  /** Without a full stop at its end. */
  readonly what: string
  readonly fix: string
}

const REWORD =
  'reword what could be taken for harmful; the same words are most likely blocked again.'
const PUBLIC_FIGURES =
  'leave out real people, brands and trademarked characters; describe what they look like instead.'

/**
 * Why an answer holds no picture.
 * @see https://ai.google.dev/api/generate-content#FinishReason
 */
export const FINISH_REASONS: Readonly<Record<string, Reason>> = {
  STOP: {
    code: 'NO_IMAGE',
    what: 'The model answered in words only',
    fix: 'say plainly in the prompt that a picture is to be drawn, and of what.',
  },
  MAX_TOKENS: {
    code: 'NO_IMAGE',
    what: 'The answer reached its length limit before the picture was drawn',
    fix: 'shorten the prompt, ask for less text, or lower "thinking".',
  },
  SAFETY: {
    code: 'BLOCKED',
    what: 'The answer was stopped by a safety filter',
    fix: `${REWORD} A filter that is too strict can be set under "safety".`,
  },
  RECITATION: {
    code: 'BLOCKED',
    what: 'The answer would have repeated somebody’s work',
    fix: 'ask for something of your own in place of a known text, picture or character.',
  },
  LANGUAGE: {
    code: 'NO_IMAGE',
    what: 'The model does not draw from prompts in this language',
    fix: 'write the prompt in English; text in the picture may stay in its language.',
  },
  BLOCKLIST: {
    code: 'BLOCKED',
    what: 'The prompt or the answer holds a forbidden term',
    fix: 'find the term and use another word; Google does not say which one it is.',
  },
  PROHIBITED_CONTENT: {
    code: 'BLOCKED',
    what: 'The answer would have held prohibited content',
    fix: 'ask for something else: this filter cannot be set.',
  },
  SPII: {
    code: 'BLOCKED',
    what: 'The answer would have held sensitive personal data',
    fix: 'take names, addresses and numbers of real people out of the prompt.',
  },
  MALFORMED_FUNCTION_CALL: {
    code: 'NO_IMAGE',
    what: 'The model tried to call a function and failed',
    fix: 'run again; ask for a picture and nothing else.',
  },
  UNEXPECTED_TOOL_CALL: {
    code: 'NO_IMAGE',
    what: 'The model wanted a tool that it does not have',
    fix: 'add "grounding: { web: true }" if it is to look something up; otherwise describe what it cannot know.',
  },
  TOO_MANY_TOOL_CALLS: {
    code: 'NO_IMAGE',
    what: 'The model kept searching and never drew',
    fix: 'say in the prompt exactly what to look up, or leave "grounding" out.',
  },
  MALFORMED_RESPONSE: {
    code: 'NO_IMAGE',
    what: 'The model’s answer was broken',
    fix: 'run again; if it stays, simplify the prompt or try another model.',
  },
  IMAGE_SAFETY: {
    code: 'BLOCKED',
    what: 'The picture was drawn and held back as unsafe',
    fix: `${REWORD} Naming the setting, clothes and mood keeps pictures of people harmless.`,
  },
  IMAGE_PROHIBITED_CONTENT: {
    code: 'BLOCKED',
    what: 'The picture was drawn and held back as prohibited',
    fix: PUBLIC_FIGURES,
  },
  IMAGE_RECITATION: {
    code: 'BLOCKED',
    what: 'The picture came out too close to somebody’s work',
    fix: 'ask for a style in your own words in place of an artist, a film or a picture.',
  },
  IMAGE_OTHER: {
    code: 'NO_IMAGE',
    what: 'The picture failed for a reason that Google does not name',
    fix: 'run again; if it stays, change the prompt a little or try another model.',
  },
  NO_IMAGE: {
    code: 'NO_IMAGE',
    what: 'The model was to draw and did not',
    fix: 'say what the picture shows rather than what it should achieve, and run again.',
  },
  OTHER: {
    code: 'NO_IMAGE',
    what: 'The model stopped for a reason that Google does not name',
    fix: 'run again; if it stays, change the prompt a little or try another model.',
  },
}

/**
 * Why a prompt was blocked before anything was generated.
 * @see https://ai.google.dev/api/generate-content#BlockReason
 */
export const BLOCK_REASONS: Readonly<Record<string, Reason>> = {
  SAFETY: {
    code: 'BLOCKED',
    what: 'The prompt was stopped by a safety filter',
    fix: `${REWORD} A filter that is too strict can be set under "safety".`,
  },
  OTHER: {
    code: 'BLOCKED',
    what: 'The prompt was blocked for a reason that Google does not name',
    fix: 'reword it; if a reference image came with it, try without.',
  },
  BLOCKLIST: {
    code: 'BLOCKED',
    what: 'The prompt holds a forbidden term',
    fix: 'find the term and use another word; Google does not say which one it is.',
  },
  PROHIBITED_CONTENT: {
    code: 'BLOCKED',
    what: 'The prompt asks for prohibited content',
    fix: 'ask for something else: this filter cannot be set.',
  },
  IMAGE_SAFETY: {
    code: 'BLOCKED',
    what: 'The prompt would lead to an unsafe picture',
    fix: `${REWORD} Look at the reference images, too.`,
  },
  MODEL_ARMOR: {
    code: 'BLOCKED',
    what: 'The prompt was blocked by Model Armor, a rule of your own Google Cloud project',
    fix: 'ask whoever runs the project which rule it was.',
  },
  JAILBREAK: {
    code: 'BLOCKED',
    what: 'The prompt was taken for an attempt to get around the filters',
    fix: 'describe the picture only; leave out instructions to the model about its rules.',
  },
}

/** Why an answer that ended as it should (`STOP`) holds nothing. */
export const EMPTY: Reason = {
  code: 'NO_IMAGE',
  what: 'The model ended its answer without a picture, and without a word',
  fix: 'run again; if it stays, change the prompt a little or try another model.',
}

/** Why an answer that ended as it should holds pictures among its thoughts alone. */
export const DRAFTED: Reason = {
  code: 'NO_IMAGE',
  what: 'The model drew a draft while it was thinking, and ended its answer without a picture',
  fix: 'look at the draft.',
}

/** Why an answer is no picture that names a file. */
export const LINKED: Reason = {
  code: 'NO_IMAGE',
  what: 'The answer links to a file in place of holding the picture',
  fix: 'fetch that file by hand with your API key, because Google deletes it after two days; a proxy that turns pictures into links cannot be used.',
}

/** Why an answer that was to be text holds none. */
export const WORDLESS: Reason = {
  code: 'NO_TEXT',
  what: 'The model answered without a word, where text was asked for',
  fix: 'ask in the prompt for the words themselves, such as a headline or a recipe, and for no picture yet.',
}

/** Why the text of an answer cannot be drawn from. */
export const CUT_OFF: Reason = {
  code: 'NO_TEXT',
  what: 'The text of the answer broke off before its end',
  fix: 'say in the prompt how long the text may be, or lower "thinking".',
}

const UNKNOWN_BLOCK: Reason = {
  code: 'BLOCKED',
  what: 'Google blocked this picture',
  fix: REWORD,
}

const UNKNOWN: Reason = {
  code: 'NO_IMAGE',
  what: 'The model answered without a picture',
  fix: 'say plainly in the prompt that a picture is to be drawn, or try another model.',
}

/** The meaning of a reason; one that Google has added since is validated by its words. */
export function findReason(name: string | undefined, isPromptBlocked: boolean): Reason {
  const table = isPromptBlocked ? BLOCK_REASONS : FINISH_REASONS
  const known = name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined
  if (known) return known
  const sounds = /SAFETY|PROHIBITED|BLOCK|RECITATION|SPII/.test(name ?? '')
  return isPromptBlocked || sounds ? UNKNOWN_BLOCK : UNKNOWN
}
