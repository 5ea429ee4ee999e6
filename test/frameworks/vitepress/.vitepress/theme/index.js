import theme from 'vitepress/theme'
import Leaf from './Leaf.vue'
import './style.css'

export default {
  extends: theme,
  enhanceApp: ({ app }) => void app.component('Leaf', Leaf),
}
