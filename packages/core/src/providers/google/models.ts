import { z } from 'zod'
import { badAnswer } from '../refusal.ts'
import { sendJson, type Desk } from './api-client.ts'

const list = z.object({
  models: z.array(z.object({ name: z.string() })).default([]),
  nextPageToken: z.string().optional(),
})

/** As many models as a page may hold. @see https://ai.google.dev/api/models */
const PAGE = 1000

/** The ids of all models that the server lists. Costs nothing. */
export async function listModels(desk: Desk): Promise<readonly string[]> {
  const ids: string[] = []
  const seen = new Set<string>()
  for (let token: string | undefined = ''; token !== undefined && !seen.has(token);) {
    seen.add(token)
    const next: string = token && `&pageToken=${encodeURIComponent(token)}`
    const page = list.safeParse(await sendJson(desk, 'GET', `models?pageSize=${PAGE}${next}`))
    if (!page.success) throw badAnswer('it is not a list of models')
    ids.push(...page.data.models.map(({ name }) => name.replace(/^models\//, '')))
    // An empty token is the end, as none is.
    token = page.data.nextPageToken || undefined
  }
  return ids
}
