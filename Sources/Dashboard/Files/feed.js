// @ts-check
import { call, urlOf } from './api.js'

/** Tasks that are kept at most. */
const LIMIT = 20000
/** Milliseconds of work per frame. */
const SLICE = 8

/**
 * All tasks that the page has seen, kept current by one event stream. Paused while the page is hidden.
 *
 * Dispatches `tasks` (detail: the changed tasks, each once and as it is now) at most once a frame, `reset` when
 * changes may have been missed, and `status`.
 */
export class Feed extends EventTarget {
  /** @type {Map<string, Task>} */
  tasks = new Map()
  /** @type {'off' | 'connecting' | 'live'} */
  status = 'off'
  /** Whether the user wants it. */
  wanted = true
  #isRunning = false
  #lastID = ''
  /** @type {EventSource | null} */
  #source = null
  #retry = 0
  #delay = 1000
  /** @type {string[]} */
  #pending = []
  #isScheduled = false
  #timer = 0

  constructor() {
    super()
    document.addEventListener('visibilitychange', () => this.#update())
  }

  start() { this.#isRunning = true; this.#update() }

  /** Ends the stream and forgets everything: somebody else may sign in. */
  stop() {
    this.#isRunning = false
    this.#update()
    this.tasks.clear()
    this.#pending = []
    this.#lastID = ''
  }

  /** @param {boolean} wanted */
  setWanted(wanted) { this.wanted = wanted; this.#update() }

  /**
   * Adds tasks that were fetched. The stream may have been faster: returns the newest version of each.
   * @param {Task[]} tasks
   */
  merge(tasks) {
    const changed = tasks.filter(task => this.#keep(task))
    if (changed.length) this.#dispatch(changed)
    return tasks.map(task => this.tasks.get(task.id) ?? task)
  }

  /** @param {string} state */
  count(state) {
    let count = 0
    for (const task of this.tasks.values()) if (task.gateway.state === state) count += 1
    return count
  }

  #update() {
    const isOn = this.#isRunning && this.wanted && !document.hidden
    if (isOn && !this.#source) this.#open()
    if (!isOn) this.#close()
  }

  #open() {
    clearTimeout(this.#retry)
    const query = this.#lastID ? `?last_event_id=${encodeURIComponent(this.#lastID)}` : ''
    const source = new EventSource(urlOf(`v1/events${query}`))
    this.#source = source
    this.#setStatus('connecting')
    source.addEventListener('open', () => { this.#delay = 1000; this.#setStatus('live') })
    source.addEventListener('task', event => {
      if (event.lastEventId) this.#lastID = event.lastEventId
      this.#pending.push(event.data)
      this.#schedule()
    })
    source.addEventListener('reset', () => {
      this.#lastID = ''
      // Also the first time: a task may have ended between the page's call and this snapshot of open tasks.
      this.dispatchEvent(new Event('reset'))
    })
    source.addEventListener('error', () => {
      this.#setStatus('connecting')
      if (source.readyState === EventSource.CLOSED) this.#reopenLater()
    })
  }

  #close() {
    clearTimeout(this.#retry)
    this.#source?.close()
    this.#source = null
    this.#setStatus('off')
  }

  /** After an error response, on which a browser gives up. */
  #reopenLater() {
    this.#source?.close()
    clearTimeout(this.#retry)
    this.#retry = window.setTimeout(async () => {
      this.#delay = Math.min(this.#delay * 2, 15000)
      try {
        const session = await call('dashboard/session')
        if (!session.client) return void window.dispatchEvent(new Event('reelgate-unauthorized'))
      } catch { return this.#reopenLater() }
      this.#source = null
      this.#update()
    }, this.#delay)
  }

  /** @param {Feed['status']} status */
  #setStatus(status) {
    if (status === this.status) return
    this.status = status
    this.dispatchEvent(new Event('status'))
  }

  #schedule() {
    if (this.#isScheduled) return
    this.#isScheduled = true
    const run = () => {
      if (!this.#isScheduled) return
      clearTimeout(this.#timer)
      this.#isScheduled = false
      this.#flush()
    }
    requestAnimationFrame(run)
    // A covered window has no frames.
    this.#timer = window.setTimeout(run, 250)
  }

  /** Applies what was received, a slice at a time: a snapshot may have thousands of tasks. */
  #flush() {
    const end = performance.now() + SLICE
    /** @type {Map<string, Task>} */
    const changed = new Map()
    let index = 0
    while (index < this.#pending.length && performance.now() < end) {
      const task = JSON.parse(this.#pending[index])
      index += 1
      if (this.#keep(task)) changed.set(task.id, task)
    }
    this.#pending.splice(0, index)
    if (this.#pending.length) this.#schedule()
    if (changed.size) this.#dispatch([...changed.values()])
  }

  /** @param {Task} task @returns {boolean} whether it is news */
  #keep(task) {
    const known = this.tasks.get(task.id)
    if (known && known.gateway.version > task.gateway.version) return false
    this.tasks.set(task.id, task)
    if (this.tasks.size > LIMIT) {
      const oldest = this.tasks.keys().next().value
      if (oldest) this.tasks.delete(oldest)
    }
    return true
  }

  /** @param {Task[]} changed */
  #dispatch(changed) { this.dispatchEvent(new CustomEvent('tasks', { detail: changed })) }
}
