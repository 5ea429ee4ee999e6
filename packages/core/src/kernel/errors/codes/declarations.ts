/** The settings and the words of a declaration. */
export const declarations = {
  EMPTY_PROMPT: {
    meaning: 'A declaration has no prompt.',
    page: 'prompts.md',
  },
  MALFORMED_YAML: {
    meaning: 'The settings of a prompt file are not valid YAML, or not between two lines of ---.',
    more: 'Quote values that hold a colon followed by a space, begin with a bracket or brace, or hold a `#`.',
    page: 'declarations.md',
  },
  MERGE_CONFLICT: {
    meaning: 'A prompt file holds the conflict markers of a merge.',
    more: 'Conflict markers in `gemini-image.lock` are no error: both sides are kept.',
    page: 'stores.md#when-things-go-wrong',
  },
  UNKNOWN_KEY: {
    meaning: 'A declaration has a key that gemini-image does not know.',
    page: 'declarations.md#all-settings',
  },
  INVALID_VALUE: {
    meaning: 'A setting has a value of the wrong kind.',
    page: 'declarations.md#all-settings',
  },
  NOT_STATIC: {
    meaning: 'A declaration in source code is not made of literals alone.',
    more: 'The build reads the call without running your code. Put what changes into a prompt file with `each`, or into variables.',
    page: 'declarations.md#where-the-picture-is-used',
  },
  UNKNOWN_MODEL: {
    meaning: 'The model is not in the catalogue.',
    more: '`npx gemini-image models` lists the models that you can name. A model that is newer than your version of gemini-image can be described in the option `models`.',
    page: 'declarations.md#models-of-your-own',
  },
  UNSUPPORTED_ASPECT_RATIO: {
    meaning: 'The model does not offer this aspect ratio.',
    page: 'models.md',
  },
  UNSUPPORTED_SIZE: {
    meaning: 'The model does not offer this size.',
    page: 'models.md',
  },
  UNSUPPORTED_SETTING: {
    meaning: 'A setting does not fit the model, the provider, or another setting.',
    page: 'providers.md',
  },
  UNSUPPORTED_THINKING: {
    meaning: 'The model does not take this thinking level, or does not think.',
    page: 'models.md',
  },
  UNSUPPORTED_GROUNDING: {
    meaning: 'The model cannot look this up.',
    page: 'models.md',
  },
  TOO_MANY_REFERENCES: {
    meaning: 'There are more reference images than the model takes.',
    page: 'models.md',
  },
  UNKNOWN_TEMPLATE: {
    meaning: 'There is no template of this name.',
    page: 'templates.md',
  },
  INVALID_SLOT: {
    meaning: 'A slot of a template is missing, unknown or not text.',
    page: 'templates.md',
  },
  UNKNOWN_STYLE: {
    meaning: 'There is no style of this name, or no such style file.',
    page: 'declarations.md#styles-and-variables',
  },
  UNKNOWN_VARIABLE: {
    meaning: 'A prompt names a variable that has no value.',
    more: 'Write `\\{{name}}` where the braces belong to the prompt.',
    page: 'declarations.md#styles-and-variables',
  },
  UNKNOWN_LABEL: {
    meaning: 'A prompt names a reference image by a label that none has, or names it twice.',
    page: 'declarations.md#pictures-from-pictures',
  },
  NOT_IN_SET: {
    meaning: 'Of several pictures in one prompt file, none is named, or one that is not there.',
    page: 'declarations.md#sets',
  },
  MISSING_ALT: {
    meaning: 'A declaration has no alternative text, or only a draft of it.',
    more: 'Write `alt: …`, or `alt: ""` for a picture that is decoration. `npx gemini-image alt` drafts the missing ones; a draft counts once you have renamed `altDraft` to `alt`. Dev servers warn instead: a picture has to exist before somebody can describe it.',
    page: 'declarations.md#alternative-text',
  },
} as const
