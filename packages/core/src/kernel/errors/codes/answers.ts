/** Calls to a provider, and its answers. */
export const answers = {
  INVALID_KEY: {
    meaning: 'The provider does not accept the API key.',
    more: '`npx gemini-image doctor` tries the key without paying.',
    page: 'options.md',
  },
  REFUSED_REQUEST: {
    meaning: 'The provider refused the request itself.',
    page: 'providers.md',
  },
  MODEL_NOT_FOUND: {
    meaning: 'The provider does not know the model.',
    more: 'It has been shut down, or your key may not use it. `npx gemini-image models` shows the models that the provider offers now.',
    page: 'models.md',
  },
  QUOTA_EXHAUSTED: {
    meaning: 'The quota of the key is used up, or is zero.',
    more: 'A key without billing may have no quota for image models.',
    page: 'models.md',
  },
  RATE_LIMITED: {
    meaning: 'The provider kept answering "too many requests".',
    more: 'Lower the option `concurrency`. The next run goes on with the pictures that are still missing.',
    page: 'options.md',
  },
  PROVIDER_UNAVAILABLE: {
    meaning: 'The provider could not be reached, or answered with an error, on every attempt.',
    more: 'Behind a proxy or a gateway, the page below says what to set.',
    page: 'gateways.md',
  },
  PROVIDER_FAILED: {
    meaning: 'A provider threw an error that is not one of these.',
    page: 'providers.md#write-a-provider',
  },
  BAD_ANSWER: {
    meaning: 'The answer is not one that the provider’s API sends.',
    more: 'A proxy or a gateway may have answered in its place. The answer is kept in the cache folder, and the message names the file.',
    page: 'gateways.md',
  },
  BLOCKED: {
    meaning: 'The provider blocked the prompt or the picture.',
    more: 'The same request is never sent again by itself, because it may cost something each time. Change the prompt, or ask once more with `npx gemini-image generate --retry`.',
    page: 'errors.md#answers-without-a-picture',
  },
  NO_IMAGE: {
    meaning: 'The answer holds no picture.',
    more: 'The same request is never sent again by itself, because it may cost something each time. Change the prompt, or ask once more with `npx gemini-image generate --retry`.',
    page: 'errors.md#answers-without-a-picture',
  },
  NO_TEXT: {
    meaning: 'The answer holds no text, or not all of it, where text was asked for.',
    page: 'declarations.md#words-first',
  },
  NO_DRAFT: {
    meaning: 'A text model answered with nothing that could be an alternative text.',
    page: 'declarations.md#alternative-text',
  },
} as const
