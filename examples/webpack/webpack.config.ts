import HtmlPlugin from 'html-webpack-plugin'
import CssPlugin from 'mini-css-extract-plugin'
import geminiImage from 'unplugin-gemini-image/webpack'
import type { Configuration } from 'webpack'

const configuration: Configuration = {
  entry: './src/main.tsx',
  resolve: { extensions: ['.tsx', '.ts', '.js'] },
  // Relative, so that `dist` can be opened from any folder.
  output: { filename: '[name].[contenthash:8].js', publicPath: 'auto', clean: true },
  module: {
    rules: [
      {
        test: /\.tsx?$/,
        loader: 'esbuild-loader',
        options: { jsx: 'automatic', target: 'es2022' },
      },
      { test: /\.css$/, use: [CssPlugin.loader, 'css-loader'] },
      { test: /\.html$/, loader: 'html-loader' },
    ],
  },
  plugins: [
    geminiImage({
      presets: { card: { widths: [400, 800, 1200], sizes: '(min-width: 60rem) 34rem, 100vw' } },
    }),
    new HtmlPlugin({ template: 'src/index.html' }),
    new CssPlugin({ filename: '[name].[contenthash:8].css' }),
  ],
  performance: { hints: false },
}

export default configuration
