/** Which version of Google's image-generation guide: `000` is the newest. */
export type GuideVersion = '000' | '001' | '002' | '003' | '004'

/** A table of pixels and tokens, as one version prints it. */
export interface GuideTable {
  readonly version: GuideVersion
  /** The line of its first row. */
  readonly line: number
  readonly model: string
  readonly sizes: readonly string[]
  /** The ratio, then pixels and tokens of each size. */
  readonly rows: readonly string[]
}

/** A figure that stands in running text. */
export interface GuideFigure {
  readonly version: GuideVersion
  readonly line: number
  readonly model: string
  readonly says: Readonly<Partial<Record<FigureName, number>>>
}

type FigureName =
  | 'references'
  | 'objects'
  | 'characters'
  | 'tokens'
  | 'imageOut'
  | 'cheapest'
  | 'dearest'

/** Copied figure by figure, misprints included. */
export const GUIDE_TABLES: readonly GuideTable[] = [
  {
    version: '000',
    line: 2264,
    model: 'gemini-3.1-flash-image',
    sizes: ['512', '1K', '2K', '4K'],
    rows: [
      '1:1 512x512 747 1024x1024 1120 2048x2048 1120 4096x4096 2000',
      '1:4 256x1024 747 512x2048 1120 1024x4096 1120 2048x8192 2000',
      '1:8 192x1536 747 384x3072 1120 768x6144 1120 1536x12288 2000',
      '2:3 424x632 747 848x1264 1120 1696x2528 1120 3392x5056 2000',
      '3:2 632x424 747 1264x848 1120 2528x1696 1120 5056x3392 2000',
      '3:4 448x600 747 896x1200 1120 1792x2400 1120 3584x4800 2000',
      '4:1 1024x256 747 2048x512 1120 4096x1024 1120 8192x2048 2000',
      '4:3 600x448 747 1200x896 1120 2400x1792 1120 4800x3584 2000',
      '4:5 464x576 747 928x1152 1120 1856x2304 1120 3712x4608 2000',
      '5:4 576x464 747 1152x928 1120 2304x1856 1120 4608x3712 2000',
      '8:1 1536x192 747 3072x384 1120 6144x768 1120 12288x1536 2000',
      '9:16 384x688 747 768x1376 1120 1536x2752 1120 3072x5504 2000',
      '16:9 688x384 747 1376x768 1120 2752x1536 1120 5504x3072 2000',
      '21:9 792x168 747 1584x672 1120 3168x1344 1120 6336x2688 2000',
    ],
  },
  {
    version: '000',
    line: 2282,
    model: 'gemini-3-pro-image',
    sizes: ['1K', '2K', '4K'],
    rows: [
      '1:1 1024x1024 1120 2048x2048 1120 4096x4096 2000',
      '2:3 848x1264 1120 1696x2528 1120 3392x5056 2000',
      '3:2 1264x848 1120 2528x1696 1120 5056x3392 2000',
      '3:4 896x1200 1120 1792x2400 1120 3584x4800 2000',
      '4:3 1200x896 1120 2400x1792 1120 4800x3584 2000',
      '4:5 928x1152 1120 1856x2304 1120 3712x4608 2000',
      '5:4 1152x928 1120 2304x1856 1120 4608x3712 2000',
      '9:16 768x1376 1120 1536x2752 1120 3072x5504 2000',
      '16:9 1376x768 1120 2752x1536 1120 5504x3072 2000',
      '21:9 1584x672 1120 3168x1344 1120 6336x2688 2000',
    ],
  },
  {
    version: '000',
    line: 2296,
    model: 'gemini-2.5-flash-image',
    sizes: ['1K'],
    rows: [
      '1:1 1024x1024 1290',
      '2:3 832x1248 1290',
      '3:2 1248x832 1290',
      '3:4 864x1184 1290',
      '4:3 1184x864 1290',
      '4:5 896x1152 1290',
      '5:4 1152x896 1290',
      '9:16 768x1344 1290',
      '16:9 1344x768 1290',
      '21:9 1536x672 1290',
    ],
  },
  {
    version: '002',
    line: 730,
    model: 'gemini-2.5-flash-image',
    sizes: ['1K'],
    rows: [
      '1:1 1024x1024 1290',
      '2:3 832x1248 1290',
      '3:2 1248x832 1290',
      '3:4 864x1184 1290',
      '4:3 1184x864 1290',
      '4:5 896x1152 1290',
      '5:4 1152x896 1290',
      '9:16 768x1344 1290',
      '16:9 1344x768 1290',
      '21:9 1536x672 1290',
    ],
  },
  {
    version: '002',
    line: 743,
    model: 'gemini-3-pro-image',
    sizes: ['1K', '2K', '4K'],
    rows: [
      '1:1 1024x1024 1120 2048x2048 1120 4096x4096 2000',
      '2:3 848x1264 1120 1696x2528 1120 3392x5056 2000',
      '3:2 1264x848 1120 2528x1696 1120 5056x3392 2000',
      '3:4 896x1200 1120 1792x2400 1120 3584x4800 2000',
      '4:3 1200x896 1120 2400x1792 1120 4800x3584 2000',
      '4:5 928x1152 1120 1856x2304 1120 3712x4608 2000',
      '5:4 1152x928 1120 2304x1856 1120 4608x3712 2000',
      '9:16 768x1376 1120 1536x2752 1120 3072x5504 2000',
      '16:9 1376x768 1120 2752x1536 1120 5504x3072 2000',
      '21:9 1584x672 1120 3168x1344 1120 6336x2688 2000',
    ],
  },
  {
    version: '003',
    line: 2268,
    model: 'gemini-2.5-flash-image',
    sizes: ['1K'],
    rows: [
      '1:1 1024x1024 1290',
      '2:3 832x1248 1290',
      '3:2 1248x832 1290',
      '3:4 864x1184 1290',
      '4:3 1184x864 1290',
      '4:5 896x1152 1290',
      '5:4 1152x896 1290',
      '9:16 768x1344 1290',
      '16:9 1344x768 1290',
      '21:9 1536x672 1290',
    ],
  },
  {
    version: '003',
    line: 2283,
    model: 'gemini-3-pro-image',
    sizes: ['1K', '2K', '4K'],
    rows: [
      '1:1 1024x1024 1210 2048x2048 1210 4096x4096 2000',
      '2:3 848x1264 1210 1696x2528 1210 3392x5056 2000',
      '3:2 1264x848 1210 2528x1696 1210 5056x3392 2000',
      '3:4 896x1200 1210 1792x2400 1210 3584x4800 2000',
      '4:3 1200x896 1210 2400x1792 1210 4800x3584 2000',
      '4:5 928x1152 1210 1856x2304 1210 3712x4608 2000',
      '5:4 1152x928 1210 2304x1856 1210 4608x3712 2000',
      '9:16 768x1376 1210 1536x2752 1210 3072x5504 2000',
      '16:9 1376x768 1210 2752x1536 1210 5504x3072 2000',
      '21:9 1584x672 1210 3168x1344 1210 6336x2688 2000',
    ],
  },
  {
    version: '004',
    line: 103,
    model: 'gemini-2.5-flash-image',
    sizes: ['1K'],
    rows: [
      '1:1 1024x1024 1290',
      '2:3 832x1248 1290',
      '3:2 1248x832 1290',
      '3:4 864x1184 1290',
      '4:3 1184x864 1290',
      '4:5 896x1152 1290',
      '5:4 1152x896 1290',
      '9:16 768x1344 1290',
      '16:9 1344x768 1290',
      '21:9 1536x672 1290',
    ],
  },
  {
    version: '004',
    line: 117,
    model: 'gemini-3-pro-image',
    sizes: ['1K', '2K', '4K'],
    rows: [
      '1:1 1024x1024 1120 2048x2048 1120 4096x4096 2000',
      '2:3 848x1264 1120 1696x2528 1120 3392x5056 2000',
      '3:2 1264x848 1120 2528x1696 1120 5056x3392 2000',
      '3:4 896x1200 1120 1792x2400 1120 3584x4800 2000',
      '4:3 1200x896 1120 2400x1792 1120 4800x3584 2000',
      '4:5 928x1152 1120 1856x2304 1120 3712x4608 2000',
      '5:4 1152x928 1120 2304x1856 1120 4608x3712 2000',
      '9:16 768x1376 1120 1536x2752 1120 3072x5504 2000',
      '16:9 1376x768 1120 2752x1536 1120 5504x3072 2000',
      '21:9 1584x672 1120 3168x1344 1120 6336x2688 2000',
    ],
  },
]

export const GUIDE_FIGURES: readonly GuideFigure[] = [
  { version: '000', line: 378, model: 'gemini-3.1-flash-image', says: { references: 14 } },
  { version: '000', line: 378, model: 'gemini-3-pro-image', says: { references: 14 } },
  { version: '000', line: 381, model: 'gemini-3.1-flash-image', says: { objects: 10 } },
  { version: '000', line: 381, model: 'gemini-3-pro-image', says: { objects: 6 } },
  { version: '000', line: 382, model: 'gemini-3.1-flash-image', says: { characters: 4 } },
  { version: '000', line: 382, model: 'gemini-3-pro-image', says: { characters: 5 } },
  { version: '000', line: 2169, model: 'gemini-2.5-flash-image', says: { references: 3 } },
  { version: '000', line: 2169, model: 'gemini-3-pro-image', says: { references: 14 } },
  { version: '001', line: 370, model: 'gemini-2.5-flash-image', says: { references: 3 } },
  {
    version: '001',
    line: 383,
    model: 'gemini-2.5-flash-image',
    says: { tokens: 1290, imageOut: 30 },
  },
  { version: '001', line: 383, model: 'imagen', says: { cheapest: 0.02, dearest: 0.12 } },
  { version: '002', line: 148, model: 'gemini-3-pro-image', says: { references: 14 } },
  { version: '002', line: 150, model: 'gemini-3-pro-image', says: { objects: 6 } },
  { version: '002', line: 151, model: 'gemini-3-pro-image', says: { characters: 5 } },
  { version: '003', line: 323, model: 'gemini-3-pro-image', says: { references: 14 } },
  { version: '003', line: 325, model: 'gemini-3-pro-image', says: { objects: 6 } },
  { version: '003', line: 326, model: 'gemini-3-pro-image', says: { characters: 5 } },
  { version: '003', line: 2308, model: 'imagen', says: { cheapest: 0.02, dearest: 0.12 } },
  {
    version: '003',
    line: 2309,
    model: 'gemini-2.5-flash-image',
    says: { tokens: 1290, imageOut: 30 },
  },
  { version: '004', line: 41, model: 'gemini-2.5-flash-image', says: { references: 3 } },
  { version: '004', line: 41, model: 'gemini-3-pro-image', says: { references: 14 } },
]
