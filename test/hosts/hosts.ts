import { rspack } from '@rspack/core'
import * as rolldown from 'rolldown'
import * as rollup from 'rollup'
import forRolldown from 'unplugin-gemini-image/rolldown'
import forRollup from 'unplugin-gemini-image/rollup'
import forRspack from 'unplugin-gemini-image/rspack'
import forWebpack from 'unplugin-gemini-image/webpack'
import * as vite from 'vite'
import * as vite7 from 'vite-7'
import webpack from 'webpack'
import { BUN } from './bun.ts'
import { ESBUILD } from './esbuild.ts'
import { FARM } from './farm.ts'
import type { Host } from './host.ts'
import { rsbuildHost } from './rsbuild.ts'
import { rollupHost } from './rollup.ts'
import { viteHost } from './vite.ts'
import { webpackHost } from './webpack.ts'

/** Every bundler of the matrix. */
export const HOSTS: readonly Host[] = [
  viteHost(vite),
  viteHost(vite7 as never),
  webpackHost('webpack 5', webpack, forWebpack),
  webpackHost('Rspack 2', rspack as never, forRspack),
  rsbuildHost,
  rollupHost('Rollup 4', { build: rollup.rollup, watch: rollup.watch }, forRollup),
  rollupHost(
    'Rolldown 1',
    { build: rolldown.rolldown, watch: rolldown.watch } as never,
    forRolldown,
  ),
  ESBUILD,
  BUN,
  FARM,
]
