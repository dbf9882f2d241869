// @ts-check
import { CallError, call, models, taskPath, urlOf } from './api.js'
import { announce, append, copyable, el, fill, setText } from './dom.js'
import { ENDED, STATES, ago, counted, dollars, label, moment } from './format.js'
import { go, link, replace } from './router.js'

/** Tasks that are fetched at once. */
const PAGE = 100

/**
 * A label of a state: a colour, and always its name.
 * @param {string} state
 */
export function pill(state) { return el('span', { class: `pill ${state}`, text: label(state) }) }

/**
 * One row of a list, patched in place.
 * @param {Task} task
 */
export class Row {
  /** @param {Task} task */
  constructor(task) {
    this.pill = pill(task.gateway.state)
    this.prompt = el('span', { class: 'prompt' })
    this.detail = el('span', { class: 'detail' })
    this.bar = el('progress', { max: 100, 'aria-label': 'Progress' })
    this.price = el('span', { class: 'price' })
    this.age = el('time', { class: 'age' })
    this.link = el('a', { class: 'row', href: link('tasks', task.id), 'data-row': true },
      this.pill, el('span', { class: 'what' }, this.prompt, this.detail), this.bar, this.price, this.age)
    this.node = el('li', { 'data-id': task.id }, this.link)
    this.task = task
    this.patch(task)
  }

  /** @param {Task} task */
  patch(task) {
    this.task = task
    const state = task.gateway.state
    if (this.pill.textContent !== label(state)) {
      this.pill.className = `pill ${state}`
      this.pill.textContent = label(state)
    }
    setText(this.prompt, task.gateway.prompt || task.id)
    setText(this.detail, detail(task))
    this.bar.hidden = ENDED.has(state) || state === 'uncertain'
    if (!this.bar.hidden) this.bar.value = task.progress
    setText(this.price, cost(task))
    this.tick()
  }

  tick() {
    setText(this.age, ago(this.task.created))
    this.age.dateTime = new Date(this.task.created * 1000).toISOString()
    this.age.title = moment(this.task.created)
  }
}

/**
 * What a task costs: nothing if it was certainly not billed.
 * @param {Task} task
 */
function cost({ gateway: { price } }) {
  if (!price) return ''
  return price.state === 'freed' ? dollars(0) : `${dollars(price.microdollars)}${price.state === 'held' ? ' held' : ''}`
}

/**
 * The second line of a row: what matters most now.
 * @param {Task} task
 */
function detail(task) {
  const { state, waiting, queue_position: position, slow, client } = task.gateway
  const owner = client === 'open' ? '' : ` · ${client}`
  const model = task.model + owner
  if (task.error) return `${task.error.message} · ${model}`
  if (state === 'queued' && waiting) return `${waiting.message} · ${model}`
  if (state === 'queued' && position !== null) return `Number ${position} in the queue · ${model}`
  if (state === 'running') return `${task.progress} %${slow ? ', slower than usual' : ''} · ${model}`
  return model
}

/** The list of tasks: one filter, newest first. */
class TaskList {
  /** @type {Map<string, Row>} */
  rows = new Map()
  /**
   * Ids of new tasks that wait, because rows must not move under the pointer.
   * @type {Set<string>}
   */
  waiting = new Set()
  /** @type {string | null} */
  next = null
  hasMore = true
  isLoading = false

  /** @param {App} app @param {URLSearchParams} query @param {AbortSignal} signal */
  constructor(app, query, signal) {
    this.app = app
    this.signal = signal
    this.filter = Object.fromEntries(['state', 'model', 'client'].map(name => [name, query.get(name) ?? '']))
    this.search = query.get('q') ?? ''
    this.list = el('ol', { class: 'rows', 'aria-label': 'Tasks' })
    this.fresh = el('button', { type: 'button', class: 'fresh', hidden: true, on: { click: () => this.showFresh() } })
    this.more = el('button', { type: 'button', text: 'Show older tasks', hidden: true, on: { click: () => this.load() } })
    this.note = el('div', { class: 'note' })
    this.node = el('section', { 'aria-label': 'List' }, el('div', { class: 'above' }, this.fresh), this.list, this.note, this.more)
    this.list.addEventListener('pointerleave', event => {
      // On the way to the button the rows stay.
      if (event.relatedTarget !== this.fresh && !this.isHeld()) this.showFresh()
    }, { signal })
    app.feed.addEventListener('tasks', event => this.#receive(/** @type {CustomEvent} */ (event).detail), { signal })
    app.feed.addEventListener('reset', () => this.reload(), { signal })
    const timer = setInterval(() => { for (const row of this.rows.values()) row.tick() }, 15000)
    signal.addEventListener('abort', () => clearInterval(timer))
    this.#loadAtEnd()
  }

  /** Fetches the next page. */
  async load() {
    if (this.isLoading || !this.hasMore) return
    this.isLoading = true
    this.more.disabled = true
    try {
      const query = new URLSearchParams({ limit: String(PAGE) })
      for (const [name, value] of Object.entries(this.filter)) if (value) query.set(name, value)
      if (this.next) query.set('after', this.next)
      const page = await call(`v1/tasks?${query}`, { signal: this.signal })
      this.next = page.next
      this.hasMore = page.has_more
      const tasks = this.app.feed.merge(page.data).filter(task => !this.rows.has(task.id))
      this.list.append(...tasks.map(task => this.#make(task).node))
    } finally {
      this.isLoading = false
      this.more.disabled = false
      this.#update()
    }
  }

  /** Fetches the first page again, after changes may have been missed. */
  async reload() {
    const query = new URLSearchParams({ limit: String(PAGE) })
    for (const [name, value] of Object.entries(this.filter)) if (value) query.set(name, value)
    const page = await call(`v1/tasks?${query}`, { signal: this.signal }).catch(() => null)
    if (page) this.#receive(this.app.feed.merge(page.data))
  }

  /** @param {string} text */
  setSearch(text) {
    this.search = text
    for (const row of this.rows.values()) row.node.hidden = !this.#isFound(row.task)
    this.#update()
  }

  showFresh() {
    for (const id of this.waiting) {
      const task = this.app.feed.tasks.get(id)
      if (task && !this.rows.has(id)) this.#insert(task)
    }
    this.waiting.clear()
    this.#update()
  }

  /** Whether rows must stay where they are: somebody points at them, is in them, or has scrolled down. */
  isHeld() {
    return this.list.matches(':hover') || this.fresh.matches(':hover') || this.list.contains(document.activeElement)
      || this.list.getBoundingClientRect().top < 0
  }

  /** @param {Task[]} tasks */
  #receive(tasks) {
    const isHeld = this.isHeld()
    let isNew = false
    for (const task of tasks) {
      const row = this.rows.get(task.id)
      if (row) row.patch(task)
      else if (this.#belongs(task)) {
        isNew = true
        if (isHeld) this.waiting.add(task.id)
        else this.#insert(task)
      }
    }
    if (isNew) this.#update()
  }

  /**
   * Whether a task that is not in the list should be: older ones come with their page.
   * @param {Task} task
   */
  #belongs(task) {
    const { state, model, client } = this.filter
    if (state && task.gateway.state !== state) return false
    if (model && task.model !== model) return false
    if (client && task.gateway.client !== client) return false
    const last = this.list.lastElementChild
    const oldest = last && this.rows.get(/** @type {HTMLElement} */ (last).dataset.id ?? '')
    return !this.isLoading && (!this.hasMore || (!!oldest && task.created >= oldest.task.created))
  }

  /** @param {Task} task */
  #make(task) {
    const row = new Row(task)
    row.node.hidden = !this.#isFound(task)
    this.rows.set(task.id, row)
    return row
  }

  /** @param {Task} task */
  #insert(task) {
    const row = this.#make(task)
    for (let node = this.list.firstElementChild; node; node = node.nextElementSibling) {
      const other = this.rows.get(/** @type {HTMLElement} */ (node).dataset.id ?? '')
      if (other && other.task.created <= task.created) return void node.before(row.node)
    }
    this.list.append(row.node)
  }

  /** @param {Task} task */
  #isFound(task) {
    if (!this.search) return true
    const { prompt, provider_task_id: provider, client } = task.gateway
    const text = [task.id, prompt, provider, client, task.model, task.error?.message].join(' ').toLowerCase()
    return this.search.toLowerCase().split(/\s+/).every(word => text.includes(word))
  }

  #update() {
    setText(this.fresh, `Show ${counted(this.waiting.size, 'new task')}`)
    this.fresh.hidden = this.waiting.size === 0
    this.more.hidden = !this.hasMore || this.rows.size === 0
    setText(this.more, this.search ? 'Search older tasks' : 'Show older tasks')
    const isEmpty = this.rows.size === 0 || [...this.rows.values()].every(row => row.node.hidden)
    this.list.hidden = isEmpty
    this.note.hidden = !isEmpty || this.isLoading
    if (!this.note.hidden) fill(this.note, this.#emptyNote())
    else this.note.replaceChildren()
  }

  #emptyNote() {
    if (this.search) {
      return [el('p', { text: `Nothing of the ${counted(this.rows.size, 'loaded task')} matches “${this.search}”.` }),
        el('p', {}, el('button', { type: 'button', text: 'Look it up as an id', on: { click: () => lookUp(this.search) } }))]
    }
    if (Object.values(this.filter).some(Boolean)) {
      return [el('p', {}, 'No task matches. ', el('a', { href: link('tasks'), text: 'Show all tasks' }))]
    }
    return emptyState(this.app)
  }

  /** Fetches older tasks when the end of the list is near. */
  #loadAtEnd() {
    const observer = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting) && !this.search && this.rows.size) this.load().catch(() => {})
    }, { rootMargin: '600px' })
    observer.observe(this.more)
    this.signal.addEventListener('abort', () => observer.disconnect())
  }
}

/**
 * Goes to the task of this id, ours or the provider's.
 * @param {string} id
 */
async function lookUp(id) {
  try { go(link('tasks', (await call(taskPath(id.trim()))).id)) }
  catch (error) { announce(/** @type {Error} */ (error).message) }
}

/**
 * What a gateway without tasks shows: how to send the first job.
 * @param {App} app
 */
function emptyState(app) {
  const node = el('div', { class: 'empty' }, el('h2', { text: 'No tasks yet' }),
    el('p', { text: 'Send the first job from a shell:' }))
  models().then(list => {
    const required = /** @param {any} model */ model => model.parameters.required ?? []
    const model = [...list].sort((a, b) => required(a).length - required(b).length)[0]
    if (model) append(node, [copyable(curlLine(model, app.session.access === 'tokens'), 'the command')])
    append(node, [app.newJobHint()])
  }).catch(() => {})
  return [node]
}

/** @param {any} model of the catalog @param {boolean} needsToken */
function curlLine(model, needsToken) {
  /** @type {Record<string, any>} */
  const job = { model: model.id }
  for (const name of model.parameters.required ?? []) {
    const schema = model.parameters.properties[name] ?? {}
    if (name === 'model') continue
    const one = (/** @type {any} */ (schema.items ?? schema)).format === 'uri'
      ? 'https://example.com/ref1.jpg' : schema.enum?.[0] ?? schema.default ?? 'A woman walking through a garden'
    job[name] = schema.type === 'array' ? [one] : one
  }
  return [`curl ${urlOf('v1/videos/generations')} -H 'Content-Type: application/json'`,
    ...(needsToken ? ["  -H 'Authorization: Bearer rg_…'"] : []), `  -d '${JSON.stringify(job)}'`].join(' \\\n')
}

/**
 * The links to the states, with the number of known tasks in each.
 * @param {App} app @param {TaskList} list
 */
function stateFilter(app, list) {
  const counts = new Map()
  const links = ['', ...STATES].map(state => {
    const count = el('span', { class: 'count' })
    counts.set(state, count)
    return el('li', {}, el('a', {
      class: `chip ${state}`, href: link('tasks', '', { ...list.filter, state, q: list.search }),
      'aria-current': list.filter.state === state ? 'true' : null }, state ? label(state) : 'All', ' ', count))
  })
  const update = () => {
    for (const state of STATES) {
      const count = app.feed.count(state)
      // The stream has all tasks that can change, and of the others only what was loaded.
      const isPartial = list.hasMore && ENDED.has(state)
      setText(counts.get(state), count ? `${count}${isPartial ? '+' : ''}` : '')
    }
  }
  app.feed.addEventListener('tasks', update, { signal: list.signal })
  update()
  return el('nav', { 'aria-label': 'States' }, el('ul', { class: 'chips' }, links))
}

/**
 * A choice that narrows the list.
 * @param {string} name @param {string[]} values @param {TaskList} list
 */
function choice(name, values, list) {
  const select = el('select', { id: `filter-${name}` }, el('option', { value: '', text: `All ${name}s` }),
    values.map(value => el('option', { value, text: value })))
  if (list.filter[name] && !values.includes(list.filter[name])) {
    select.append(el('option', { value: list.filter[name], text: list.filter[name] }))
  }
  select.value = list.filter[name]
  select.addEventListener('change', () => {
    go(link('tasks', '', { ...list.filter, [name]: select.value, q: list.search }))
  })
  return el('span', {}, el('label', { class: 'unseen', for: `filter-${name}`, text: label(name) }), select)
}

/** @type {Show} */
export const showTasks = async (main, app, route, signal) => {
  const list = new TaskList(app, route.query, signal)
  const search = el('input', { id: 'search', type: 'search', value: list.search, placeholder: 'Prompt, id, client, error',
    autocomplete: 'off', 'aria-keyshortcuts': '/' })
  search.addEventListener('input', () => {
    list.setSearch(search.value)
    replace(link('tasks', '', { ...list.filter, q: search.value }))
  })
  search.addEventListener('keydown', event => {
    if (event.key === 'Enter' && /^task-\S+$/.test(search.value.trim())) lookUp(search.value)
    if (event.key === 'Escape') search.blur()
  })
  const choices = el('div', { class: 'choices' })
  fill(main, el('div', { class: 'head' }, el('h1', { text: 'Tasks', tabindex: '-1' }), app.newJobButton()),
    el('search', { class: 'filters' },
      el('span', { class: 'grow' }, el('label', { class: 'unseen', for: 'search', text: 'Search tasks' }), search), choices),
    stateFilter(app, list), list.node)
  try { await list.load() } catch (error) {
    if (signal.aborted) return
    fill(list.note, el('p', { class: 'fault', text: /** @type {CallError} */ (error).message }))
    list.note.hidden = false
    return
  }
  models().then(known => choices.append(choice('model', known.map(model => model.id), list))).catch(() => {})
  if (app.session.access === 'tokens' && app.session.operator) {
    call('v1/clients', { signal }).then(clients => choices.append(
      choice('client', clients.data.map(/** @param {any} client */ client => client.name), list))).catch(() => {})
  }
}
