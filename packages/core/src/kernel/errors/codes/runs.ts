/** A run: mode, key, money and options. */
export const runs = {
  MISSING_PICTURE: {
    meaning: 'Pictures are not in the lockfile, and nothing may be generated.',
    more: 'The mode is `frozen`, which `CI` sets by itself. Generate where you have a key (`npx gemini-image generate`), then commit `gemini-image.lock`, `gemini-image.ledger` and `.gemini-image/`. A picture is also missing after its prompt, a setting or a reference has changed: `npx gemini-image explain <picture>` names the change.',
    page: 'ci.md',
  },
  MISSING_KEY: {
    meaning: 'Pictures are to be generated, and there is no API key.',
    more: 'Put the key into the environment or into `.env.local`, and never into a variable that your bundler hands to the browser. Without one, dev servers show placeholders, and `GEMINI_IMAGE_MODE=placeholder` builds with them.',
    page: 'options.md',
  },
  BUDGET_EXCEEDED: {
    meaning: 'The missing pictures cost more than the budget of one run.',
    more: 'The budget is checked for all missing pictures before the first call, so nothing was paid for.',
    page: 'costs.md#limits',
  },
  MONTHLY_BUDGET_EXCEEDED: {
    meaning: 'The missing pictures cost more than is left of the monthly budget.',
    more: 'The month counts the ledger and open batch jobs. `npx gemini-image costs` shows what was paid.',
    page: 'costs.md#limits',
  },
  INVALID_OPTION: {
    meaning: 'An option or environment variable has a value that cannot be used.',
    page: 'options.md',
  },
  INVALID_CONFIG: {
    meaning: 'The configuration file cannot be run, or exports no options.',
    page: 'options.md',
  },
  STOPPED: {
    meaning: 'A call was cut off because the run was stopped.',
    more: 'After one Ctrl-C, calls under way still land and are kept. A second one cuts them off, and they may have been paid for.',
    page: 'stores.md#when-things-go-wrong',
  },
  SEVERAL_PROBLEMS: {
    meaning: 'More than one thing is wrong; each is listed with its own code.',
  },
} as const
