import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Harvests } from './Harvests'
import { Jar } from './Jar'
import './style.css'

const app = document.getElementById('app')
if (!app) throw new Error('The page has no #app.')

createRoot(app).render(
  <StrictMode>
    <Harvests />
    <Jar />
  </StrictMode>,
)
