export {
  imageJsonLd,
  type Creator,
  type ImageFacts,
  type SourceType,
} from 'unplugin-gemini-image/json-ld'
