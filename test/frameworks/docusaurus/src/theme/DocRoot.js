import renderRoutes from '@docusaurus/renderRoutes'

export default function DocRoot({ route }) {
  return renderRoutes(route.routes)
}
