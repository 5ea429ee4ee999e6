export {
  aiSdk,
  type AiSdkEntry,
  type AiSdkImageModel,
  type AiSdkModel,
  type AiSdkModelOptions,
  type AiSdkModels,
  type AiSdkSizes,
  type ProviderOptions,
} from '@gemini-image/core/ai-sdk'
