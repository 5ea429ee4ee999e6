export default {
  title: 'Harbour',
  url: 'https://harbour.example',
  baseUrl: '/docs/',
  plugins: [
    ['@docusaurus/plugin-content-docs', { routeBasePath: '/', sidebarPath: false }],
    'unplugin-gemini-image/docusaurus',
  ],
  // Babel takes twice as long.
  webpack: { jsLoader: () => ({ loader: 'esbuild-loader', options: { loader: 'tsx' } }) },
}
