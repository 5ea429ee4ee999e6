// What pages choose a picture by: browsers load it.
export { inLanguage, matchLanguage } from './kernel/language.ts'
