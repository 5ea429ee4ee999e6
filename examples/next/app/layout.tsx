import type { Metadata } from 'next'
import type { ReactElement, ReactNode } from 'react'
import shelf from './pictures/shelf.prompt.md?gemini-image&as=object'
import './style.css'

const { src: url, width, height, alt } = shelf

export const metadata: Metadata = {
  metadataBase: new URL('https://slow-kiln.example'),
  title: 'Slow Kiln: a pottery with one kiln',
  description: 'Tableware from one wheel and one kiln, fired four times a year.',
  openGraph: { images: [{ url, width, height, alt }] },
}

export default function Layout({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <html lang="en">
      <body>
        <header className="bar">
          <a className="brand" href="#top">
            Slow Kiln
          </a>
          <nav aria-label="Main">
            <a href="#work">Work</a>
            <a href="#glazes">Glazes</a>
          </nav>
        </header>
        {children}
        <footer>
          <p>
            Slow Kiln does not exist, and its pictures are generated: these were drawn by this
            project’s local test server. The README says how to get real ones.
          </p>
        </footer>
      </body>
    </html>
  )
}
