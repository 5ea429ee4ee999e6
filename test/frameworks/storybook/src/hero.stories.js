import { createHero } from './hero.js'

export default { title: 'Hero', tags: ['autodocs'] }

export const Hero = () => createHero()
