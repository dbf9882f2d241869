// @ts-check
import { call, metrics } from './api.js'
import { figure } from './archive.js'
import { el, facts, fill } from './dom.js'
import { STATES, bytes, label, moment } from './format.js'

/** Seconds between two looks. */
const INTERVAL = 10

/** @type {Show} */
export const showHealth = async (main, app, _, signal) => {
  const body = el('div')
  const time = el('span', { class: 'muted' })
  fill(main, el('div', { class: 'head' }, el('h1', { text: 'Health', tabindex: '-1' }), time), body)
  const load = async () => {
    const health = await call('dashboard/health', { signal })
    health.metrics = figuresOf(await metrics(signal))
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

/**
 * The parts of a gateway, and what the codes of their issues begin with.
 * @type {[string, RegExp][]}
 */
const PARTS = [['Provider', /^provider_/], ['Store', /^store_/], ['Archive', /^archive_/], ['Catalog', /^model_/],
  ['Spend ceiling', /^spend_/]]

/** @param {any} health */
function report(health) {
  const { readiness, archive, settings } = health
  const issues = [...readiness.errors ?? [], ...readiness.warnings ?? []]
  const isReady = readiness.status === 'ready'
  const others = issues.filter(issue => !PARTS.some(([, codes]) => codes.test(issue.code)))
  const rest = Object.entries(readiness).filter(([name, value]) =>
    !['type', 'title', 'status', 'detail', 'errors', 'error', 'warnings', 'request_id'].includes(name) && value !== null)
  return [
    el('div', { class: `card ${isReady ? 'good-card' : 'fault-card'}` },
      el('h2', { text: isReady ? 'Ready: jobs are taken' : 'Not ready' }), isReady ? null : el('p', { text: readiness.detail })),
    el('section', { class: 'card wide' }, el('h2', { text: 'Checks' }), facts([
      ...PARTS.map(([name, codes]) => check(name, issues.filter(issue => codes.test(issue.code)))),
      ...others.map(issue => check(label(issue.code), [issue])),
      ...rest.map(([name, value]) => /** @type {[string, any]} */ ([label(name), show(value)]))])),
    el('dl', { class: 'figures' }, health.metrics.map(/** @param {string[]} one */ ([name, value]) => figure(name, value)),
      figure('Archive', bytes(archive.bytes)), archive.free_bytes === null ? null : figure('Free on the disk', bytes(archive.free_bytes)),
      figure('Version', health.version)),
    el('section', { class: 'card' }, el('h2', { text: 'Settings' }),
      el('p', { class: 'hint', text: 'Read-only. They come from the configuration file, the environment and flags.' }),
      el('dl', { class: 'facts settings' }, settings.map(/** @param {any} setting */ setting =>
        el('div', {}, el('dt', {}, el('code', { text: setting.key })), el('dd', { text: setting.value })))))
  ]
}

/**
 * @param {string} name @param {any[]} issues
 * @returns {[string, any]}
 */
function check(name, issues) {
  return [name, issues.length === 0 ? el('span', { class: 'good', text: 'OK' })
    : el('ul', { class: 'plain' }, issues.map(issue => el('li', { class: 'fault', text: issue.message })))]
}

/**
 * How late polls begin, and how many tasks there are in each state.
 * @param {Metric[]} metrics
 */
function figuresOf(metrics) {
  const buckets = metrics.filter(one => one.name === 'reelgate_provider_poll_lag_seconds_bucket')
  const all = Math.max(0, ...buckets.map(one => one.value))
  const bound = buckets.find(one => one.value >= all * 0.99)?.labels.le
  const lag = bound === '+Inf' ? 'longer than measured' : `under ${bound} s`
  const tasks = STATES.map(state => [label(state), metrics.filter(one => one.name === 'reelgate_tasks' && one.labels.state === state)
    .reduce((sum, one) => sum + one.value, 0)])
  return [...(all ? [['Poll lag, 99 %', lag]] : []),
    ...tasks.filter(([, count]) => count).map(([name, count]) => [name, count.toLocaleString('en-US')])]
}

/**
 * Any JSON, so that new checks need no change here.
 * @param {any} value @returns {any}
 */
function show(value) {
  if (Array.isArray(value)) return el('ul', { class: 'plain' }, value.map(item => el('li', {}, show(item))))
  if (value && typeof value === 'object') return facts(Object.entries(value).map(([name, item]) => [label(name), show(item)]))
  return String(value)
}
