import sharpService from 'astro/assets/services/sharp'
import type { LocalImageService } from 'astro'
import { labelled } from './image-service/labelled.ts'

export { labelled } from './image-service/labelled.ts'

/** Astro's own image service, with AI labels in what it makes of generated pictures. */
const service: LocalImageService = labelled(sharpService)

export default service
