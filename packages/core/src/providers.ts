/**
 * The providers that a configuration can name, a line each. A provider loads what it asks with once it asks.
 * @module
 */
export * from './providers/ai-sdk/definition.ts'
export * from './providers/vertex/definition.ts'
