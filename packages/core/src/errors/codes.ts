/** What a code means, in one line each; docs/errors.md is generated from this list. */
export const ERROR_CODES = {
  EMPTY_PROMPT: 'A declaration has no prompt.',
  MALFORMED_YAML: 'The frontmatter of a prompt file is not valid YAML.',
  UNKNOWN_KEY: 'The frontmatter has a key that gemini-image does not know.',
  INVALID_VALUE: 'A setting has a value of the wrong kind.',
  UNKNOWN_MODEL: 'The model is not in the catalogue.',
  UNSUPPORTED_ASPECT_RATIO: 'The model does not offer this aspect ratio.',
  UNSUPPORTED_SIZE: 'The model does not offer this size.',
  PROMPT_FILE_NOT_FOUND:
    'An import, a stylesheet or a page names a prompt file that does not exist.',
  UNDECLARED_PICTURE: 'A URL asked for a picture that nothing in the source declares.',
  UNRESOLVED_REFERENCE: 'A prompt file was about to be shipped in place of its picture.',
  MISSING_PICTURE: 'Pictures are not in the lockfile, and nothing may be generated.',
  MISSING_KEY: 'Pictures are to be generated, and there is no API key.',
  BUDGET_EXCEEDED: 'What is missing costs more than the budget of one run.',
  INVALID_OPTION: 'An option or environment variable has a value that cannot be used.',
  CORRUPT_OBJECT: 'A stored picture is not the one that the lockfile pins.',
  CORRUPT_LOCKFILE: 'gemini-image.lock cannot be read.',
  LOCK_TIMEOUT: 'Another gemini-image process holds the project for too long.',
  WRITE_FAILED: 'A file could not be written.',
  INVALID_KEY: 'Google does not accept the API key.',
  REFUSED_REQUEST: 'Google refused the request itself.',
  MODEL_NOT_FOUND: 'Google does not know the model.',
  QUOTA_EXHAUSTED: 'The quota of the key is used up, or is zero.',
  RATE_LIMITED: 'Google kept answering "too many requests".',
  PROVIDER_UNAVAILABLE: 'Google could not be reached, or answered with an error, on every attempt.',
  PROVIDER_FAILED: 'A provider threw an error that is not one of these.',
  BAD_ANSWER: 'The answer is not what the Gemini API sends.',
  BLOCKED: 'Google blocked the prompt or the picture.',
  NO_IMAGE: 'The answer holds no picture.',
  SEVERAL_PROBLEMS: 'More than one thing is wrong; each is listed.',
} as const

/** The stable name of a kind of failure. */
export type ErrorCode = keyof typeof ERROR_CODES
