import type { LanguageRow } from '../models/language.ts'

/**
 * The languages of prompts that Google names. Its guide writes Ukrainian as `ua-UA`.
 * @see https://ai.google.dev/gemini-api/docs/image-generation (limitations; 000:2166, read on 2026-11-21)
 */
export const PROMPT_LANGUAGES: readonly LanguageRow[] = [
  { code: 'en', name: 'English' },
  { code: 'ar-EG', name: 'Arabic' },
  { code: 'de-DE', name: 'German' },
  { code: 'es-MX', name: 'Spanish' },
  { code: 'fr-FR', name: 'French' },
  { code: 'hi-IN', name: 'Hindi' },
  { code: 'id-ID', name: 'Indonesian' },
  { code: 'it-IT', name: 'Italian' },
  { code: 'ja-JP', name: 'Japanese' },
  { code: 'ko-KR', name: 'Korean' },
  { code: 'pt-BR', name: 'Portuguese' },
  { code: 'ru-RU', name: 'Russian' },
  { code: 'uk-UA', name: 'Ukrainian' },
  { code: 'vi-VN', name: 'Vietnamese' },
  { code: 'zh-CN', name: 'Chinese' },
]
