import { GeminiImageError, type PlanRow } from '@gemini-image/core'
import { isInlineId, openFiles, setSetting } from '@gemini-image/core/internal'
import type { PicturesApi } from 'unplugin-gemini-image/vite'
import { itemsOf } from './items.ts'
import type { ToolbarAnswer, ToolbarRequest } from './protocol.ts'

type HostProject = ReturnType<PicturesApi['project']>

/**
 * Does what the toolbar asks for. What is not declared in the source is neither drawn nor written.
 * @throws {GeminiImageError} `UNDECLARED_PICTURE`, `INVALID_ARGUMENT`, or what went wrong.
 */
export async function answer(request: ToolbarRequest, api: PicturesApi): Promise<ToolbarAnswer> {
  const project = api.project()
  if (request.action === 'redraw') {
    await api.redraw((await findRow(request.id, project)).declared.id)
    return {}
  }
  if (request.action === 'pick') {
    await pick(await findRow(request.id, project), request.variant, project.options.root)
    return {}
  }
  const whyNot = await whyNothingIsDrawn(project)
  return {
    pictures: await itemsOf(await project.plan(), project.options.storeDir, request.files),
    canDraw: whyNot === undefined,
    ...(whyNot !== undefined && { message: whyNot }),
  }
}

async function whyNothingIsDrawn(project: HostProject): Promise<string | undefined> {
  const { mode } = project.options
  if (mode !== 'auto') return `The mode is "${mode}": nothing is generated.`
  if (await project.canGenerate()) return undefined
  const { variable } = await project.credentials()
  return `There is no API key: set ${variable} to draw pictures.`
}

/** The declaration of this id, if the source makes it. */
async function findRow(id: string, project: HostProject): Promise<PlanRow> {
  const { rows } = await project.plan()
  const row = rows.find(({ declared }) => declared.id === id)
  if (row) return row
  throw new GeminiImageError({
    code: 'UNDECLARED_PICTURE',
    what: 'The toolbar asked for a picture that nothing in the source declares.',
    fix: 'load the page again.',
  })
}

async function pick({ declared }: PlanRow, variant: number, root: string): Promise<void> {
  const { id, file, place, spec } = declared
  if (!Number.isInteger(variant) || variant < 1 || variant > spec.variants) {
    throw new GeminiImageError({
      code: 'INVALID_ARGUMENT',
      what: `There is no variant ${variant}.`,
      fix: `choose one from 1 to ${spec.variants}.`,
      place,
    })
  }
  if (isInlineId(id)) {
    throw new GeminiImageError({
      code: 'INVALID_ARGUMENT',
      what: 'This picture is declared among other things, where the toolbar writes nothing.',
      fix: `write "pick: ${variant}" beside its prompt.`,
      place,
    })
  }
  await openFiles(root).edit('prompt', file, (text) => setSetting(text, 'pick', variant))
}
