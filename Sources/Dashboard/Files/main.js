// @ts-check
import { call } from './api.js'
import { showArchive } from './archive.js'
import { announce, byID, el, fill, setText } from './dom.js'
import { Feed } from './feed.js'
import { showHealth } from './health.js'
import { listenForKeys, showKeys } from './keys.js'
import { showNew } from './new.js'
import { currentRoute, go, link } from './router.js'
import { showSignIn } from './sign-in.js'
import { showSpend } from './spend.js'
import { showTask } from './task.js'
import { showTasks } from './tasks.js'
import { showUncertain } from './uncertain.js'

/** @typedef {{ id: string, title: string, key: string, show: Show, operators?: boolean }} Page */

/**
 * The pages, in the order of the navigation.
 * @type {Page[]}
 */
const PAGES = [
  { id: 'tasks', title: 'Tasks', key: 't', show: (main, app, route, signal) =>
    (route.id ? showTask : showTasks)(main, app, route, signal) },
  { id: 'new', title: 'New job', key: 'n', show: showNew },
  { id: 'uncertain', title: 'Uncertain', key: 'u', show: showUncertain },
  { id: 'archive', title: 'Archive', key: 'a', show: showArchive },
  { id: 'spend', title: 'Spend', key: 's', show: showSpend },
  { id: 'health', title: 'Health', key: 'h', show: showHealth, operators: true }
]

/** The dashboard: who uses it, what it knows, and which page it shows. */
export class App {
  feed = new Feed()
  /** @type {Session} */
  session = { access: 'open', client: null, operator: false, version: '' }
  main = byID('main')
  #page = new AbortController()
  #shown = ''

  start() {
    this.#listen()
    return this.#enter()
  }

  /** Finds out who uses the dashboard, and shows the page of the URL or asks for a token. */
  async #enter() {
    try { this.session = await call('dashboard/session') } catch (error) {
      fill(this.main, el('h1', { text: 'Reelgate' }), el('p', { class: 'fault', text: /** @type {Error} */ (error).message }),
        el('p', {}, el('button', { type: 'button', text: 'Try again', on: { click: () => location.reload() } })))
      return
    }
    if (!this.session.client) return this.#signIn()
    byID('sign-out').hidden = this.session.access !== 'tokens'
    byID('sign-out').title = `Signed in as ${this.session.client}`
    byID('live').hidden = byID('nav').hidden = byID('menu').hidden = false
    fill(byID('pages'), this.#allowed().map(page => el('li', {}, el('a', { href: link(page.id), id: `page-${page.id}` },
      page.title, page.id === 'uncertain' ? el('span', { class: 'badge', id: 'badge', hidden: true }) : null))))
    await this.show()
    // The first page is painted before the stream's snapshot arrives.
    requestAnimationFrame(() => setTimeout(() => this.feed.start()))
  }

  /** Shows the page of the URL. */
  async show() {
    if (!this.session.client) return
    const route = currentRoute()
    const page = this.#allowed().find(page => page.id === route.page) ?? PAGES[0]
    this.#page.abort()
    this.#page = new AbortController()
    const isFirst = !this.#shown
    const isOther = this.#shown !== `${page.id}/${route.id}`
    this.#shown = `${page.id}/${route.id}`
    document.title = `${page.title} · Reelgate`
    for (const other of PAGES) {
      const isCurrent = other === page
      document.getElementById(`page-${other.id}`)?.toggleAttribute('aria-current', isCurrent)
      if (isCurrent) document.getElementById(`page-${other.id}`)?.setAttribute('aria-current', 'page')
    }
    this.#closeMenu()
    const { signal } = this.#page
    await page.show(this.main, this, route, signal)
    if (signal.aborted || isFirst || !isOther) return
    window.scrollTo(0, 0)
    // A screen reader then reads the new page from its heading.
    if (!this.main.contains(document.activeElement)) this.main.querySelector('h1')?.focus({ preventScroll: true })
  }

  /** A link to the form for a job. */
  newJobButton() {
    return el('a', { class: 'button primary', href: link('new'), text: 'New job' })
  }

  newJobHint() {
    return el('p', {}, 'Or ', el('a', { href: link('new'), text: 'fill in the form' }), '.')
  }

  #allowed() { return PAGES.filter(page => !page.operators || this.session.operator) }

  #listen() {
    window.addEventListener('hashchange', () => this.show())
    window.addEventListener('reelgate-unauthorized', () => { if (this.session.client) this.#signIn() })
    byID('skip').addEventListener('click', event => { event.preventDefault(); this.main.focus() })
    byID('theme').addEventListener('click', toggleTheme)
    byID('live').addEventListener('click', () => this.#toggleLive())
    byID('sign-out').addEventListener('click', () => this.#signOut())
    byID('menu').addEventListener('click', () => {
      const isOpen = byID('nav').classList.toggle('open')
      byID('menu').setAttribute('aria-expanded', String(isOpen))
    })
    const commands = {
      search: () => { if (currentRoute().page !== 'tasks' || currentRoute().id) go(link('tasks')); focusSearch() },
      live: () => this.#toggleLive(), theme: toggleTheme,
      pages: Object.fromEntries(PAGES.map(page => [page.key, page.id]))
    }
    listenForKeys(commands)
    byID('help').addEventListener('click', () => showKeys(commands))
    this.feed.addEventListener('status', () => this.#showStatus())
    this.feed.addEventListener('tasks', () => this.#showBadge())
    this.#showStatus()
  }

  #closeMenu() {
    byID('nav').classList.remove('open')
    byID('menu').setAttribute('aria-expanded', 'false')
  }

  #toggleLive() {
    this.feed.setWanted(!this.feed.wanted)
    announce(this.feed.wanted ? 'Live updates are on' : 'Live updates are off')
  }

  #showStatus() {
    const button = byID('live')
    button.setAttribute('aria-pressed', String(this.feed.wanted))
    button.className = `quiet live-${this.feed.wanted ? this.feed.status : 'off'}`
    setText(button, !this.feed.wanted ? 'Paused' : this.feed.status === 'connecting' ? 'Connecting' : 'Live')
  }

  #showBadge() {
    const badge = document.getElementById('badge')
    if (!badge) return
    const count = this.feed.count('uncertain')
    badge.hidden = count === 0
    setText(badge, String(count))
  }

  #signIn() {
    this.#page.abort()
    this.feed.stop()
    this.session = { ...this.session, client: null, operator: false }
    for (const id of ['live', 'nav', 'menu', 'sign-out']) byID(id).hidden = true
    showSignIn(this.main, () => { this.main.replaceChildren(); this.#enter() })
  }

  async #signOut() {
    this.feed.stop()
    try { await call('v1/session', { method: 'DELETE' }) } catch (error) {
      this.feed.start()
      return announce(/** @type {Error} */ (error).message)
    }
    this.#signIn()
    announce('Signed out')
  }
}

/**
 * Focuses the search field as soon as the page has it.
 * @param {number} [frames] that may pass
 */
function focusSearch(frames = 60) {
  const search = document.getElementById('search')
  if (search instanceof HTMLInputElement) { search.focus(); search.select() }
  else if (frames > 0) requestAnimationFrame(() => focusSearch(frames - 1))
}

/** Light after dark and dark after light, whichever the system has. */
function toggleTheme() {
  const root = document.documentElement
  const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = isDark ? 'light' : 'dark'
  try { localStorage.setItem('reelgate-theme', root.dataset.theme) } catch { /* Holds for this page. */ }
  announce(`${isDark ? 'Light' : 'Dark'} theme`)
}

new App().start()
