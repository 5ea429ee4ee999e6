import { rspack } from '@rspack/core'
import forRspack from 'unplugin-gemini-image/rspack'
import forWebpack from 'unplugin-gemini-image/webpack'
import * as vite from 'vite'
import * as vite7 from 'vite-7'
import webpack from 'webpack'
import type { Host } from './host.ts'
import { rsbuildHost } from './rsbuild.ts'
import { viteHost } from './vite.ts'
import { webpackHost } from './webpack.ts'

/** Every bundler of the matrix. */
export const HOSTS: readonly Host[] = [
  viteHost(vite),
  viteHost(vite7 as never),
  webpackHost('webpack 5', webpack, forWebpack),
  webpackHost('Rspack 2', rspack as never, forRspack),
  rsbuildHost,
]
