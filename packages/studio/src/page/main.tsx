import { render } from 'preact'

render(<p>Studio</p>, document.querySelector('#studio') as HTMLElement)
