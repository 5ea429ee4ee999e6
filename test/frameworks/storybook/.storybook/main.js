export default {
  framework: '@storybook/html-vite',
  stories: ['../src'],
  addons: ['@storybook/addon-docs'],
  core: { disableTelemetry: true },
}
