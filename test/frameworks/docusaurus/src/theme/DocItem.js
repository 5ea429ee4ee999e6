import React from 'react'

/** A page of a theme that is as small as can be: what it shows in the head of a page stands above it. */
export default function DocItem({ content: Content }) {
  const { assets } = Content
  return (
    <main>
      {assets?.image && <img id="card" src={assets.image} alt="Card" />}
      <Content />
    </main>
  )
}
