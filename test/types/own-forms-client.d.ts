declare module '*?gemini-image&as=formats' {
  const formats: { readonly srcset: string; readonly width: number }
  export default formats
  export * from '*?gemini-image&facts'
}

declare module '*&gemini-image&as=formats' {
  export { default } from '*?gemini-image&as=formats'
  export * from '*?gemini-image&as=formats'
}
