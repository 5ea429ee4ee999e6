export {
  ogMeta,
  ogTags,
  type OgMeta,
  type OgPage,
  type RenderedPreview,
} from 'unplugin-gemini-image/og'
