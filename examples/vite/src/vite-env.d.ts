/// <reference types="vite/client" />
/// <reference types="unplugin-gemini-image/client" />
