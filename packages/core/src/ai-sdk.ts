/**
 * Image models of the AI SDK as a provider. Nothing of it is loaded unless a configuration asks for it.
 * @module
 */
export { aiSdk } from './providers/ai-sdk/definition.ts'
export type {
  AiSdkEntry,
  AiSdkModel,
  AiSdkModelOptions,
  AiSdkModels,
  AiSdkSizes,
} from './providers/ai-sdk/options.ts'
export type {
  AiSdkAnswer,
  AiSdkCall,
  AiSdkImageModel,
  AiSdkWarning,
} from './providers/ai-sdk/image-model.ts'
export type { Json, ProviderOptions } from './providers/request.ts'
