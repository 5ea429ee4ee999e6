/** The models that the guide's samples name, most of which Google has shut down since. */
export const FLASH_3_1 = 'gemini-3.1-flash-image-preview'
export const PRO = 'gemini-3-pro-image-preview'
export const FLASH_2_5 = 'gemini-2.5-flash-image'
export const FLASH_2_5_PREVIEW = 'gemini-2.5-flash-image-preview'

export const TEXT_AND_IMAGE = { responseModalities: ['TEXT', 'IMAGE'] } as const
