import { capabilitiesPage } from './capabilities.ts'
import { commandsPage } from './commands.ts'
import { errorsPage } from './errors.ts'
import { formPages } from './forms.ts'
import { modelsPage } from './models.ts'
import { promptsPage } from './prompts.ts'
import { templatesPage } from './templates.ts'

/** The generated pages: name in docs/, or path from there → text. */
export async function pages(): Promise<Readonly<Record<string, string>>> {
  return {
    'capabilities.md': await capabilitiesPage(),
    'commands.md': commandsPage(),
    'errors.md': errorsPage(),
    'models.md': modelsPage(),
    'prompts.md': promptsPage(),
    'templates.md': templatesPage(),
    ...(await formPages()),
  }
}
