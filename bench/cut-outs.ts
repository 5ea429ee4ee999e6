import { cutOut } from '@gemini-image/core'
import sharp from 'sharp'
import { compare, CUT_OUT_CASES, drawCase, type CutOutError } from '../test/cut-outs/cases.ts'

/** What came of one picture with known alpha. */
export interface MeasuredCase {
  readonly name: string
  /** Width and height, in pixels. */
  readonly side: number
  readonly error: CutOutError
  readonly milliseconds: number
}

/**
 * Cuts out every case, and the first of the JPEGs at 4K.
 * @param scale Times 512 pixels.
 */
export async function benchCutOuts(scale: number): Promise<readonly MeasuredCase[]> {
  const measured: MeasuredCase[] = []
  for (const one of CUT_OUT_CASES) measured.push(await measure(one, scale))
  const photo = CUT_OUT_CASES.find(({ quality }) => quality !== undefined)
  if (photo) measured.push(await measure(photo, 8))
  return measured
}

async function measure(one: (typeof CUT_OUT_CASES)[number], scale: number): Promise<MeasuredCase> {
  const { sent, truth, width, height } = await drawCase(one, scale)
  const start = performance.now()
  const { png } = await cutOut(sent, one.key)
  const milliseconds = performance.now() - start
  if (!png) throw new RangeError(`${one.name} was not cut out`)
  const found = await sharp(png).raw().toBuffer()
  return { name: one.name, side: width, error: compare(found, truth, width, height), milliseconds }
}
