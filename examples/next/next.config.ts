import withGeminiImage from 'unplugin-gemini-image/next'

export default withGeminiImage({ reactStrictMode: true })
