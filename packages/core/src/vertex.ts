/**
 * Vertex AI as a provider. Nothing of it is loaded unless a configuration asks for it.
 * @module
 */
export { vertex, type VertexOptions } from './providers/vertex/definition.ts'
