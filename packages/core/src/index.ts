/**
 * What everybody may use: configuration, stores, providers, and the verbs of a project.
 * @module
 */
export type { ErrorCode } from './kernel/errors/codes.ts'
export { GeminiImageError, isGeminiImageError } from './kernel/errors/error.ts'
export type { Place } from './kernel/place.ts'
export { defineConfig } from './options/gather-options.ts'
export { openOptions } from './options/resolve-options.ts'
export type { Mode, Options, StoreOptions } from './options/options.ts'
export type { ResolvedImage } from './pictures/resolved-image.ts'
export type { Plan, PlanRow } from './plan/plan.ts'
export { renderTemplate } from './declare/templates/templates.ts'
export { cutOut } from './pixels/cut-out/cut-out.ts'
export { generate } from './project/generate.ts'
export { plan } from './project/plan.ts'
export { prepare } from './project/prepare.ts'
export type { Prepared } from './project/prepared.ts'
export { type Project, openProject } from './project/project.ts'
export { verify } from './project/verify.ts'
export type { ProviderDefinition } from './providers/definition.ts'
export type { BatchProvider } from './providers/batch-provider.ts'
export type {
  Description,
  DescriptionJob,
  PastAnswer,
  Provider,
  ProviderContext,
  ProviderJob,
  ProviderResult,
  ResultPart,
} from './providers/provider.ts'
export type { ImageRequest } from './providers/request.ts'
export { type RedisStoreOptions, redisStore } from './team/redis-store.ts'
export { type S3StoreOptions, s3Store } from './team/s3/s3-store.ts'
export type { LeasableStore, SharedStore } from './team/shared-store.ts'
export { type UnstorageLike, unstorageStore } from './team/unstorage-store.ts'
