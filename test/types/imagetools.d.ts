declare module '*&format=avif;webp&as=picture' {
  import type { Picture } from 'vite-imagetools'
  const picture: Picture
  export default picture
}
