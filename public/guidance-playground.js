// <guidance-playground link="v=3&model=avatars&method=pag" show="pictures scale"></guidance-playground>
// The playground in a frame of its own, as high as it needs. docs/embed.md says what it takes, tells and can be asked.
;(() => {
  const TYPE = 'guidance-playground'
  const VERSION = 1
  const HOME = new URL('.', document.currentScript.src).href
  const NAMES = ['show', 'hide', 'lock']
  const away = () => new Error('The playground is not on the page.')

  class Playground extends HTMLElement {
    static observedAttributes = ['link']
    #frame = null
    #origin = ''
    #waiting = new Map()
    #asked = 0
    #opened = null
    #closed = null
    /** What it shows, as it told last; null before. */
    state = null

    connectedCallback() {
      this.style.display ||= 'block'
      const address = new URL(this.getAttribute('src') ?? HOME, document.baseURI)
      this.#origin = address.origin
      address.hash = this.#hash()
      this.ready = new Promise((open, close) => {
        this.#opened = open
        this.#closed = close
      })
      // Nobody need wait for it.
      this.ready.catch(() => {})
      const frame = document.createElement('iframe')
      frame.title = this.title || 'Guidance Playground'
      frame.allow = 'fullscreen; clipboard-write; cross-origin-isolated'
      frame.loading = 'lazy'
      frame.style.cssText = `display:block;border:0;width:100%;height:${this.getAttribute('height') || 420}px`
      frame.src = address.href
      this.replaceChildren((this.#frame = frame))
      addEventListener('message', this.#hear)
    }

    disconnectedCallback() {
      removeEventListener('message', this.#hear)
      this.#closed(away())
      for (const { reject } of this.#waiting.values()) reject(away())
      this.#waiting.clear()
    }

    attributeChangedCallback(_, before, link) {
      if (this.#frame && before !== link) this.set({ link }).catch((error) => console.warn(error.message))
    }

    /** Sets one of { link, settings, at }, or more. Gives the state that follows. */
    set = (wanted) => this.#ask({ ...wanted, kind: 'set' })
    get = () => this.#ask({ kind: 'get' })
    /** A PNG: 'positive', 'negative', 'guided' or 'all'. */
    image = (of = 'guided') => this.#ask({ kind: 'image', of })

    #hash() {
      const link = (this.getAttribute('link') ?? '').replace(/^.*#/, '')
      const shown = NAMES.flatMap((name) => {
        const parts = this.getAttribute(name)
        return parts === null ? [] : `${name}=${parts.trim().split(/[\s,_]+/).join('_')}`
      })
      const theme = this.getAttribute('theme')
      return [link, 'embed=1', ...shown, theme && `theme=${theme}`].filter(Boolean).join('&')
    }

    async #ask(message) {
      await this.ready
      const window = this.#frame?.contentWindow
      if (!window) throw away()
      const id = ++this.#asked
      return new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        window.postMessage({ type: TYPE, version: VERSION, id, ...message }, this.#origin)
      })
    }

    #hear = ({ source, origin, data }) => {
      if (source !== this.#frame.contentWindow || origin !== this.#origin || data?.type !== TYPE) return
      const { kind, id, by, state, message, png, height } = data
      const asked = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (state) this.state = state
      if (kind === 'height') this.#frame.style.height = `${height}px`
      else if (kind === 'error') asked?.reject(new Error(message))
      else if (kind === 'changed') this.#changed(by, state)
      else if (kind !== 'ready') asked?.resolve(png ?? state)
      else {
        this.#opened()
        // Once it was asked something, it tells of changes.
        this.get().then(
          (detail) => this.dispatchEvent(new CustomEvent('ready', { detail })),
          () => {},
        )
      }
    }

    #changed(by, state) {
      this.dispatchEvent(new CustomEvent('change', { bubbles: true, detail: { by, state } }))
      const group = this.getAttribute('group')
      if (by !== 'reader' || !group) return
      const keys = (this.getAttribute('shares') ?? 'scale').split(/[\s,]+/)
      const settings = Object.fromEntries(Object.entries(state.settings ?? {}).filter(([key]) => keys.includes(key)))
      const wanted = keys.includes('at') ? { settings, at: state.at } : { settings }
      for (const other of document.querySelectorAll(TYPE))
        if (other !== this && other.getAttribute('group') === group) other.set(wanted).catch(() => {})
    }
  }

  customElements.define(TYPE, Playground)
})()
