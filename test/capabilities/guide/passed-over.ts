import type { LineName } from './guide.ts'

const CAPTIONS: readonly LineName[] = [
  ...(['000:1384', '000:1385', '000:1880', '000:1881', '000:1884', '000:1885'] as const),
  ...(['000:1998', '000:1999', '000:2098', '000:2099', '000:2100', '000:2101'] as const),
  ...(['000:2149', '000:2151', '002:477', '002:478', '002:631', '002:632', '002:633'] as const),
  ...(['002:634', '002:656', '002:658', '004:24', '004:26'] as const),
]

const HEADS_OF_TABLES: readonly LineName[] = [
  ...(['000:380', '000:2263', '000:2281', '000:2295', '001:384'] as const),
]

/** Sentences of Google's own that samples send, and are sent back. */
const WORDS_OF_PROMPTS: readonly LineName[] = [
  ...(['000:8', '000:9', '000:12', '000:24', '000:27', '000:30', '000:1059', '000:1143'] as const),
  ...([
    '000:1225',
    '000:1298',
    '000:1302',
    '000:1581',
    '000:1587',
    '000:1779',
    '000:1781',
  ] as const),
  ...(['000:1787', '000:1893', '000:1902', '000:2113', '001:261', '001:305', '001:307'] as const),
  ...(['001:334', '002:325', '002:336', '002:347', '002:472', '002:530', '002:572'] as const),
  ...(['002:574', '002:598'] as const),
]

const ADVERTISEMENT: readonly LineName[] = ['000:3']

/** The site's own, around the guide. */
const NAVIGATION: readonly LineName[] = [
  ...(['001:5', '001:8', '001:9', '001:10', '001:11', '001:12', '001:13', '001:17'] as const),
  ...(['001:18', '001:19', '004:151', '004:152'] as const),
]

/** Lists whose items stand among the limits. */
const ITEMS: readonly LineName[] = ['002:150', '002:151']

/** Lines that look like a heading or name a figure, and say nothing of what can be asked. */
export const PASSED_OVER: ReadonlySet<LineName> = new Set([
  ...CAPTIONS,
  ...HEADS_OF_TABLES,
  ...WORDS_OF_PROMPTS,
  ...ADVERTISEMENT,
  ...NAVIGATION,
  ...ITEMS,
])
