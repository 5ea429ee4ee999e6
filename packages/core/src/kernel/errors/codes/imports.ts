/** Who asks for a picture, and for which. */
export const imports = {
  PROMPT_FILE_NOT_FOUND: {
    meaning: 'An import, a stylesheet or a page names a prompt file that does not exist.',
    page: 'imports.md',
  },
  NO_PROMPT_FILE: {
    meaning: 'An import with ?gemini-image names a file that is not a prompt file.',
    more: 'Prompt files end in `.prompt.md`. Import images that you have without `?gemini-image`, as before.',
    page: 'imports.md',
  },
  UNDECLARED_PICTURE: {
    meaning: 'A URL asked for a picture that nothing in the source declares.',
    more: 'Only the source asks: a URL never pays for a picture. Import the prompt file where the picture is shown.',
    page: 'imports.md',
  },
  UNRESOLVED_REFERENCE: {
    meaning: 'A build was about to ship a prompt file in place of its picture.',
    more: 'A string reached the output that still asks for a picture, so no plugin has replaced it: a path put together at run time, an attribute that the host does not read, or a file that another tool copies.',
    page: 'imports.md',
  },
  UNKNOWN_PICTURE: {
    meaning: 'The command was asked for a picture that nothing declares.',
    more: '`npx gemini-image plan` lists all names.',
    page: 'commands.md',
  },
} as const
