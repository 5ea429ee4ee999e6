export { vertex, type VertexOptions } from '@gemini-image/core/vertex'
