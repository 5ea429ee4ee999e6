/// <reference types="unplugin-gemini-image/client" />
