/// <reference types="unplugin-gemini-image/client" />

declare module '*.css'
