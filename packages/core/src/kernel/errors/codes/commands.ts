/** What a person asks the command to do. */
export const commands = {
  INVALID_ARGUMENT: {
    meaning: 'The command was called with something that it cannot use.',
    page: 'commands.md',
  },
  NOT_EDITABLE: {
    meaning: 'A declaration is written in a way in which it cannot be edited for you.',
    page: 'studio.md',
  },
  SOURCE_CHANGED: {
    meaning:
      'A file was changed between the moment an edit was proposed and the moment it was to be made.',
    page: 'studio.md',
  },
  UNSUPPORTED_PICTURE: {
    meaning: 'A file that is to be adopted is not a whole, still JPEG, PNG or WebP picture.',
    page: 'declarations.md#a-picture-of-your-own',
  },
} as const
