// @ts-check
import { call } from './api.js'
import { figure } from './archive.js'
import { el, facts, fill } from './dom.js'
import { bytes, label, moment } from './format.js'

/** Seconds between two looks. */
const INTERVAL = 10

/** @type {Show} */
export const showHealth = async (main, app, _, signal) => {
  const body = el('div')
  const time = el('span', { class: 'muted' })
  fill(main, el('div', { class: 'head' }, el('h1', { text: 'Health', tabindex: '-1' }), time), body)
  const load = async () => {
    const health = await call('dashboard/health', { signal })
    time.textContent = `As of ${moment(Date.now() / 1000)}`
    // What somebody reads or has selected stays.
    const text = JSON.stringify(health)
    if (body.dataset.shown === text) return
    body.dataset.shown = text
    fill(body, report(health))
  }
  const failed = (/** @type {Error} */ error) => {
    if (signal.aborted) return
    delete body.dataset.shown
    fill(body, el('p', { class: 'card fault-card', text: error.message }))
  }
  const timer = setInterval(() => {
    if (!document.hidden && app.feed.wanted) load().catch(failed)
  }, INTERVAL * 1000)
  signal.addEventListener('abort', () => clearInterval(timer))
  await load().catch(failed)
}

/** @param {any} health */
function report(health) {
  const { readiness, archive, settings } = health
  const issues = readiness.errors ?? []
  const warnings = readiness.warnings ?? []
  const isReady = readiness.status === 'ready'
  const rest = Object.entries(readiness).filter(([name, value]) =>
    !['type', 'title', 'status', 'detail', 'errors', 'error', 'warnings', 'request_id'].includes(name) && value !== null)
  return [
    el('div', { class: `card ${isReady ? 'good-card' : 'fault-card'}` },
      el('h2', { text: isReady ? 'Ready: jobs are taken' : 'Not ready' }),
      isReady ? null : el('p', { text: readiness.detail }),
      el('ul', { class: 'plain' }, [...issues, ...warnings].map(issue =>
        el('li', {}, el('strong', { text: label(issue.code) }), `: ${issue.message}`)))),
    el('dl', { class: 'figures' }, tasks(health.tasks),
      figure('Archive', bytes(archive.bytes)), archive.free_bytes === null ? null : figure('Free on the disk', bytes(archive.free_bytes)),
      figure('Version', health.version)),
    rest.length ? el('section', { class: 'card' }, el('h2', { text: 'Checks' }), facts(rest.map(([name, value]) => [label(name), show(value)]))) : null,
    el('section', { class: 'card' }, el('h2', { text: 'Settings' }),
      el('p', { class: 'hint', text: 'Read-only. They come from the configuration file, the environment and flags.' }),
      el('dl', { class: 'facts settings' }, settings.map(/** @param {any} setting */ setting =>
        el('div', {}, el('dt', {}, el('code', { text: setting.key })), el('dd', { text: setting.value })))))
  ]
}

/** @param {Record<string, number> | undefined} tasks */
function tasks(tasks) { return Object.entries(tasks ?? {}).map(([name, count]) => figure(label(name), String(count))) }

/**
 * Any JSON, so that new checks need no change here.
 * @param {any} value @returns {any}
 */
function show(value) {
  if (Array.isArray(value)) return el('ul', { class: 'plain' }, value.map(item => el('li', {}, show(item))))
  if (value && typeof value === 'object') return facts(Object.entries(value).map(([name, item]) => [label(name), show(item)]))
  return String(value)
}
