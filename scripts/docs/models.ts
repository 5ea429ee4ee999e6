import {
  ALIASES,
  formatDollars,
  MODELS,
  picturePrices,
  TEXT_MODELS,
  type ModelRow,
  type TextModelRow,
} from '@gemini-image/core/internal'
import { GENERATED, table } from './markdown.ts'

function prices(model: ModelRow, share = 1): string {
  return Object.entries(picturePrices(model))
    .map(([size, dollars]) => `${size} ${formatDollars(dollars * share)}`)
    .join(', ')
}

function modelRow(model: ModelRow): string[] {
  const { id, name, price, shutdown, successor, asOf } = model
  const end = shutdown ? `announced for ${shutdown}; successor \`${successor}\`` : ''
  const batch = price.batch === undefined ? '' : prices(model, price.batch)
  return [`\`${id}\``, name, prices(model), batch, end, asOf]
}

function tokenRow({ id, price, sizes, references }: ModelRow): string[] {
  if (price.picture !== undefined) return [`\`${id}\``, 'by the piece', '', '', '', '']
  const tokens = Object.entries(sizes).map(([size, row]) => `${size} ${row.tokens}`)
  const perMillion = [price.textIn, price.textOut, price.imageOut].map((amount) => `$${amount}`)
  return [`\`${id}\``, ...perMillion, tokens.join(', '), String(references.tokens)]
}

function abilityRow({ id, references, thinks, thinking, grounding, price }: ModelRow): string[] {
  const { total, objects, characters } = references
  const search = price.search === undefined ? '' : ` ($${price.search} a query)`
  return [
    `\`${id}\``,
    total === 0 ? 'none' : `${total}, of them ${objects} objects, ${characters} characters`,
    thinking.join(', ') || (thinks ? 'its own' : ''),
    grounding.length > 0 ? grounding.join(', ') + search : '',
  ]
}

function pixelsSection({ id, sizes, source }: ModelRow): string {
  const names = Object.keys(sizes)
  const ratios = Object.keys(Object.values(sizes)[0]?.pixels ?? {})
  const rows = ratios.map((ratio) => [
    ratio,
    ...names.map((size) => sizes[size]?.pixels[ratio]?.join(' × ') ?? ''),
  ])
  return `### ${id}\n\n${table(['ratio', ...names], rows)}\n\nSource: <${source}>`
}

function textRow({ id, name, price, imageTokens, thinking, asOf }: TextModelRow): string[] {
  const perMillion = [price.input, price.output].map((amount) => `$${amount}`)
  return [`\`${id}\``, name, ...perMillion, String(imageTokens), thinking ?? 'its own', asOf]
}

export function modelsPage(): string {
  const aliases = ALIASES.map(({ alias, candidates }) => [
    `\`${alias}\``,
    candidates.map((id) => `\`${id}\``).join(', then '),
  ])
  return [
    '# Models',
    GENERATED,
    'The server decides what it offers; this is what the catalogue knows, from public pages. An announced shutdown is a warning, never a refusal. The option `models` adds or changes rows.',
    "Prices are those of a picture's own tokens. Prompt, reference and thinking tokens and searches come on top, and an estimate includes them. Where pages of Google disagree, the dearer figure stands here, because budgets are checked against it; estimates begin at the lower one.",
    table(
      ['model', 'name', 'US dollars a picture', 'by the Batch API', 'shutdown', 'as of'],
      MODELS.map(modelRow),
    ),
    '## Aliases',
    'An alias moves with the line-up of Google. Where the server does not know the first model, the next that can draw the declaration is asked, once and with a warning; the lockfile pins the one that answered. A model that is declared by its id is never replaced.',
    table(['alias', 'stands for'], aliases),
    '## What they can do',
    table(['model', 'reference images', 'thinking', 'grounding'], MODELS.map(abilityRow)),
    '## Tokens and their prices',
    table(
      [
        'model',
        'prompt, a million',
        'text and thinking, a million',
        'picture, a million',
        'tokens a picture',
        'tokens a reference',
      ],
      MODELS.map(tokenRow),
    ),
    '## Models that write alternative texts',
    '`gemini-image alt` asks the first, unless `--model` names another. An answer is limited in length, so that its price has an upper bound.',
    table(
      [
        'model',
        'name',
        'sent, a million',
        'answered, a million',
        'tokens a picture',
        'thinking',
        'as of',
      ],
      TEXT_MODELS.map(textRow),
    ),
    `Source: <${TEXT_MODELS[0].source}>`,
    '## Pixels',
    ...MODELS.map(pixelsSection),
  ].join('\n\n')
}
