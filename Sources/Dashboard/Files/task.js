// @ts-check
import { actionButtons } from './actions.js'
import { CallError, call, taskPath, urlOf } from './api.js'
import { announce, copyable, el, facts, fill, setText } from './dom.js'
import { ENDED, ago, bytes, counted, dollars, label, moment, precise, span } from './format.js'
import { link } from './router.js'
import { pill } from './tasks.js'

/** What the steps of a history mean. */
const STEPS = /** @type {Record<string, string>} */ ({
  admitted: 'Admitted and stored', sending: 'Sent to the provider', accepted: 'Accepted by the provider',
  not_accepted: 'Not accepted, waits', progress: 'Progress', archiving: 'Finished; the copy begins',
  archive_failed: 'The copy failed and is repeated', links_renewed: 'The provider renewed the links',
  completed: 'Video archived', content_fetched: 'Video fetched by a client', removal_warned: 'Removal announced',
  slow: 'Slower than usual', uncertain: 'The reply was lost', adopted: 'Adopted', dismissed: 'Dismissed',
  resubmitted: 'Sent again', recovered: 'A late result arrived', failed: 'Failed', cancelled: 'Cancelled'
})

/** One task, patched as it changes. */
class TaskPage {
  /** @type {any} */
  record = null
  /** @type {any[]} */
  deliveries = []
  #shownState = ''
  #isLoading = false
  #isStale = false

  /** @param {HTMLElement} main @param {App} app @param {Task} task @param {AbortSignal} signal */
  constructor(main, app, task, signal) {
    this.app = app
    this.task = task
    this.signal = signal
    this.title = el('h1', { tabindex: '-1', class: 'prompt-title' })
    this.pill = pill(task.gateway.state)
    this.summary = el('span', { class: 'muted' })
    this.stage = el('div', { class: 'stage' })
    this.notice = el('div')
    this.actions = el('div', { class: 'buttons' })
    this.facts = el('div')
    this.job = el('div')
    this.timeline = el('ol', { class: 'timeline' })
    this.hooks = el('div')
    fill(main, el('p', { class: 'back' }, el('a', { href: link('tasks'), text: 'Tasks' })),
      el('div', { class: 'head' }, el('div', {}, this.title, el('p', { class: 'status' }, this.pill, this.summary))),
      el('div', { class: 'columns' },
        el('div', { class: 'wide' }, this.notice, this.stage, section('Job', this.job), section('Timeline', this.timeline)),
        el('div', { class: 'side' }, this.actions, section('Facts', this.facts), this.hooks)))
    app.feed.addEventListener('tasks', event => {
      const changed = /** @type {CustomEvent<Task[]>} */ (event).detail.find(other => other.id === task.id)
      if (changed) this.receive(changed)
    }, { signal })
    app.feed.addEventListener('reset', () => this.refresh(), { signal })
    const timer = setInterval(() => this.#showSummary(), 5000)
    signal.addEventListener('abort', () => clearInterval(timer))
    this.show()
    this.loadRecord()
  }

  /** @param {Task} task */
  receive(task) {
    const before = this.task.gateway
    if (task.gateway.version < before.version) return
    const hasChanged = task.gateway.version > before.version
    if (task.gateway.state !== before.state) announce(`The task is ${task.gateway.state}`)
    this.task = task
    this.show()
    if (hasChanged) this.loadRecord()
  }

  async refresh() {
    const task = await call(taskPath(this.task.id), { signal: this.signal }).catch(() => null)
    if (task) this.receive(this.app.feed.merge([task])[0])
    this.loadRecord()
  }

  /** Fetches history and deliveries; changes that arrive meanwhile cause one more call, not many. */
  async loadRecord() {
    if (this.#isLoading) { this.#isStale = true; return }
    this.#isLoading = true
    do {
      this.#isStale = false
      const [record, hooks] = await Promise.all(['/record', '/deliveries'].map(
        rest => call(taskPath(this.task.id, rest), { signal: this.signal }).catch(() => null)))
      if (this.signal.aborted) return
      this.record = record ?? this.record
      this.deliveries = hooks?.data ?? this.deliveries
      this.showRecord()
    } while (this.#isStale)
    this.#isLoading = false
  }

  show() {
    const { task } = this
    const state = task.gateway.state
    setText(this.title, task.gateway.prompt || task.id)
    document.title = `${label(state)} · ${task.gateway.prompt || task.id} · Reelgate`
    this.pill.className = `pill ${state}`
    setText(this.pill, label(state))
    this.#showSummary()
    this.#showStage()
    this.#showActions()
    fill(this.notice, this.#notices())
    fill(this.facts, this.#factList())
  }

  #showSummary() {
    const { task } = this
    const times = this.record?.timings
    const took = times?.ended && ENDED.has(task.gateway.state) ? ` · took ${precise(times.ended - times.created)}` : ''
    const estimate = task.task_info.estimated_time
    const wait = !ENDED.has(task.gateway.state) && estimate ? ` · usually ready after ${span(estimate)}` : ''
    setText(this.summary, `${ago(task.created)}${took}${wait}`)
  }

  /** The player, the progress or the error. A player that plays is left alone. */
  #showStage() {
    const { task } = this
    const state = task.gateway.state + (task.gateway.content_removed ? ' removed' : '')
    const progress = /** @type {HTMLProgressElement | null} */ (this.stage.querySelector('progress'))
    if (state === this.#shownState && progress) {
      progress.value = task.progress
      setText(/** @type {Element} */ (this.stage.querySelector('output')), `${task.progress} %`)
      return
    }
    if (state === this.#shownState) return
    this.#shownState = state
    if (task.gateway.state === 'completed') return fill(this.stage, this.#results())
    if (task.gateway.state === 'uncertain') return fill(this.stage)
    if (task.error) {
      return fill(this.stage, el('div', { class: 'card fault-card' }, el('h2', { text: 'The task failed' }),
        el('p', { text: task.error.message }), el('p', { class: 'muted' }, 'Code ', el('code', { text: task.error.code }))))
    }
    if (ENDED.has(task.gateway.state)) return fill(this.stage, el('p', { class: 'card', text: 'Withdrawn before it was sent. It cost nothing.' }))
    fill(this.stage, el('div', { class: 'card working' },
      el('progress', { max: 100, value: task.progress, 'aria-label': 'Progress' }), el('output', { text: `${task.progress} %` })))
  }

  #results() {
    const { task } = this
    if (task.gateway.content_removed) return [el('p', { class: 'card', text: 'The video was removed: its retention time is over, or the archive needed the space.' })]
    return (task.results ?? []).map((result, index) => {
      const url = urlOf(taskPath(task.id, `/content${index ? `?index=${index}` : ''}`))
      const name = `${result.content_type}, ${bytes(result.bytes)}`
      const download = el('p', { class: 'under' }, el('a', { href: url, download: true, text: 'Download' }), ` ${name}`)
      if (!result.verified) {
        return el('div', { class: 'card' }, el('p', { text: 'The file could not be verified, so it is not played here.' }), download)
      }
      const title = task.gateway.prompt || task.id
      if (result.content_type.startsWith('image/')) return el('figure', {}, el('img', { src: url, alt: title }), download)
      return el('figure', {}, el('video', { src: url, controls: true, preload: 'metadata', playsinline: true, 'aria-label': title }), download)
    })
  }

  #showActions() {
    const hasWebhook = ENDED.has(this.task.gateway.state) && this.deliveries.some(delivery => delivery.kind === 'webhook')
    const buttons = actionButtons(this.task, this.app, { hasWebhook, done: () => this.refresh() })
    const again = el('a', { class: 'button', href: link('new', '', { from: this.task.id }), text: 'New job like this' })
    const before = [...this.actions.children].map(node => node.textContent).join()
    // A button that has the focus stays.
    if (before !== [...buttons, again].map(node => node.textContent).join()) fill(this.actions, buttons, again)
  }

  #notices() {
    const { evidence, waiting, warnings, slow, state } = this.task.gateway
    const notes = (warnings ?? []).map(warning => el('p', { class: 'card note-card', text: warning.message }))
    if (waiting) notes.push(el('p', { class: 'card note-card', text: `Waiting: ${waiting.message}` }))
    if (slow && !ENDED.has(state)) notes.push(el('p', { class: 'card note-card', text: 'This takes longer than usual.' }))
    if (state === 'uncertain') notes.push(evidenceCard(this.task.error?.message ?? '', evidence ?? {}))
    return notes
  }

  #factList() {
    const { task } = this
    const { gateway } = task
    const results = task.results ?? []
    return facts([
      ['Model', task.model],
      ['Price', gateway.price && [dollars(gateway.price.microdollars), el('span', { class: 'muted', text: ` ${gateway.price.state}` })]],
      ['Earlier submissions', gateway.price?.earlier_microdollars && `${dollars(gateway.price.earlier_microdollars)} held`],
      ['Usage at the provider', task.usage && JSON.stringify(task.usage)],
      ['Client', gateway.client], ['Created', moment(task.created)], ['Updated', moment(gateway.updated)],
      ['Attempts', gateway.attempts], ['In the queue', gateway.queue_position !== null && `Number ${gateway.queue_position}`],
      ['Kept until', gateway.content_expires && moment(gateway.content_expires)],
      ['Review', gateway.review && `${label(gateway.review.verdict)}${gateway.review.note ? `: ${gateway.review.note}` : ''}`],
      ['Id', copyable(task.id, 'the id')],
      ['Provider task', gateway.provider_task_id && copyable(gateway.provider_task_id, 'the provider task id')],
      ['SHA-256', results.length > 0 && results.map(result => copyable(result.sha256, 'the digest'))]
    ])
  }

  showRecord() {
    this.#showSummary()
    this.#showActions()
    if (this.record?.job) fill(this.job, jobView(this.record.job))
    const history = this.record?.history ?? []
    fill(this.timeline, timelineSteps(history))
    if (this.deliveries.length) fill(this.hooks, section('Webhooks and notices', deliveryList(this.deliveries)))
  }
}

/** @param {string} title @param {...any} content */
function section(title, ...content) { return el('section', { class: 'card' }, el('h2', { text: title }), content) }

/**
 * What is known of a lost reply.
 * @param {string} message @param {Record<string, any>} evidence
 */
export function evidenceCard(message, evidence) {
  return el('div', { class: 'card note-card' }, el('h2', { text: 'The outcome is unknown' }),
    el('p', { text: label(message) }), facts([
    ['Attempt', evidence.attempt], ['Sent', evidence.sent && moment(evidence.sent)], ['Lost', evidence.lost && moment(evidence.lost)],
    ['Bytes sent', evidence.bytes_sent], ['Status', evidence.status], ['Reply', evidence.words],
    ['Provider’s request id', evidence.provider_request_id && copyable(evidence.provider_request_id, 'the request id')]
  ]), el('p', { text: 'Look it up at the provider, then adopt, dismiss or send it again.' }))
}

/**
 * The job as it was sent.
 * @param {Record<string, any>} job
 */
function jobView(job) {
  return facts(Object.entries(job).filter(([name]) => name !== 'model').map(([name, value]) => [label(name), jobValue(value)]))
}

/** @param {any} value @returns {any} */
function jobValue(value) {
  if (Array.isArray(value)) return el('ul', { class: 'plain' }, value.map(item => el('li', {}, jobValue(item))))
  if (typeof value === 'string' && /^https?:\/\//i.test(value)) {
    return el('a', { href: value, target: '_blank', rel: 'noopener noreferrer', class: 'url', text: value })
  }
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * The steps of a history; progress in a row is one step.
 * @param {any[]} history
 */
function timelineSteps(history) {
  const start = history[0]?.at ?? 0
  /** @type {any[]} */
  const steps = []
  for (const event of history) {
    const last = steps[steps.length - 1]
    if (event.event === 'progress' && last?.event === 'progress') Object.assign(last, { to: event.detail, count: last.count + 1 })
    else steps.push({ ...event, to: event.detail, count: 1 })
  }
  return steps.map(step => {
    const detail = step.event === 'progress'
      ? `${step.count > 1 ? `${step.detail} to ${step.to} %, ${counted(step.count, 'update')}` : `${step.to} %`}` : step.detail
    return el('li', { class: step.event }, el('time', { datetime: new Date(step.at * 1000).toISOString(), title: moment(step.at),
      text: `+${precise(step.at - start)}` }), el('span', {}, el('strong', { text: STEPS[step.event] ?? label(step.event) }),
      detail ? el('span', { class: 'muted detail', text: detail }) : null))
  })
}

/** @param {any[]} deliveries */
function deliveryList(deliveries) {
  return el('ul', { class: 'plain' }, deliveries.map(delivery => el('li', {},
    el('strong', { text: delivery.type }), ` ${delivery.state}`, delivery.next ? `, again ${ago(delivery.next)}` : '',
    el('ol', { class: 'plain muted' }, delivery.attempts.map(/** @param {any} attempt */ attempt => el('li', {
      text: `${moment(attempt.at)}: ${attempt.status ?? attempt.error ?? 'no response'}, ${attempt.duration_ms} ms` }))))))
}

/** @type {Show} */
export const showTask = async (main, app, route, signal) => {
  try {
    const [task] = app.feed.merge([await call(taskPath(route.id), { signal })])
    if (signal.aborted) return
    new TaskPage(main, app, task, signal)
  } catch (error) {
    if (signal.aborted) return
    fill(main, el('h1', { text: 'No such task', tabindex: '-1' }), el('p', { text: /** @type {CallError} */ (error).message }),
      el('p', {}, el('a', { href: link('tasks'), text: 'All tasks' })))
  }
}
