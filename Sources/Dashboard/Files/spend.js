// @ts-check
import { call, urlOf } from './api.js'
import { figure } from './archive.js'
import { el, fill } from './dom.js'
import { dollars, moment } from './format.js'

const DAY = 86400

/** @type {Show} */
export const showSpend = async (main, app, _, signal) => {
  const body = el('div')
  fill(main, el('div', { class: 'head' }, el('h1', { text: 'Spend', tabindex: '-1' }),
    el('a', { href: urlOf('v1/usage?by=day'), class: 'button', text: 'Usage as JSON' })), body)
  const load = async () => {
    const today = Math.floor(Date.now() / 1000 / DAY) * DAY
    const [day, model, client, days] = await Promise.all(
      [`since=${today}&by=model`, 'by=model', 'by=client', 'by=day'].map(query => call(`v1/usage?${query}`, { signal })))
    fill(body, report(day, model, client, days))
  }
  let timer = 0
  // Sums change with the tasks, but need not follow each step of one.
  app.feed.addEventListener('tasks', () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => load().catch(() => {}), 3000)
  }, { signal })
  signal.addEventListener('abort', () => clearTimeout(timer))
  await load().catch(error => { if (!signal.aborted) fill(body, el('p', { class: 'fault', text: error.message })) })
}

/** @param {any} day @param {any} model @param {any} client @param {any} days */
function report(day, model, client, days) {
  const { total } = model
  return [
    el('dl', { class: 'figures' }, figure('Today (UTC)', dollars(day.total.spent_microdollars)),
      figure('This month (UTC)', dollars(total.spent_microdollars)), figure('Reserved by open tasks', dollars(total.reserved_microdollars)),
      figure('Held, outcome unknown', dollars(total.held_microdollars)),
      figure('Per accepted video', dollars(total.spent_per_accepted_microdollars))),
    el('section', { class: 'card' }, el('h2', { text: 'By day: spent, reserved and held' }), dayChart(days.data)),
    table('By model', 'Model', model.data, sum => sum.model ?? ''),
    table('By client', 'Client', client.data, sum => sum.client ?? ''),
    limits(client.clients, client.ceilings)
  ]
}

/**
 * Bars of the money of each day. SVG, because a style sheet has no data.
 * @param {Sum[]} days
 */
function dayChart(days) {
  const known = [...days].sort((a, b) => (a.day ?? '').localeCompare(b.day ?? '')).slice(-31)
  if (known.length === 0) return el('p', { class: 'muted', text: 'No task was admitted this month.' })
  const most = Math.max(1, ...known.map(sum => sum.spent_microdollars + sum.reserved_microdollars + sum.held_microdollars))
  return el('table', { class: 'bars' }, el('caption', { class: 'unseen', text: 'Money by day' }),
    el('tbody', {}, known.map(sum => {
      const all = sum.spent_microdollars + sum.reserved_microdollars + sum.held_microdollars
      return el('tr', {}, el('th', { scope: 'row', text: sum.day ?? '' }),
        el('td', { class: 'grow' }, el('meter', { min: 0, max: most, value: all, 'aria-label': `${sum.day}: ${dollars(all)}` })),
        el('td', { class: 'number', text: dollars(all) }))
    })))
}

/** @param {string} title @param {string} head @param {Sum[]} sums @param {(sum: Sum) => string} name */
function table(title, head, sums, name) {
  const columns = /** @type {[string, (sum: Sum) => string][]} */ ([
    ['Jobs', sum => String(sum.jobs)], ['Videos', sum => String(sum.videos)], ['Spent', sum => dollars(sum.spent_microdollars)],
    ['Reserved', sum => dollars(sum.reserved_microdollars)], ['Held', sum => dollars(sum.held_microdollars)],
    ['Accepted', sum => `${sum.accepted} of ${sum.accepted + sum.rejected}`],
    ['Per accepted video', sum => dollars(sum.spent_per_accepted_microdollars)]])
  return el('section', { class: 'card' }, el('h2', { text: title }), sums.length === 0 ? el('p', { class: 'muted', text: 'Nothing yet.' })
    : el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title }, el('table', {},
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: head }), columns.map(([column]) => el('th', { scope: 'col', class: 'number', text: column })))),
      el('tbody', {}, sums.map(sum => el('tr', {}, el('th', { scope: 'row', text: name(sum) }),
        columns.map(([, value]) => el('td', { class: 'number', text: value(sum) }))))))))
}

/**
 * What budgets and ceilings leave.
 * @param {any[]} clients @param {any} ceilings
 */
function limits(clients, ceilings) {
  const lines = clients.filter(client => client.budget).map(client => limitLine(`Budget of ${client.client}, per ${client.budget.per}`,
    client.budget.microdollars, client.budget.left_microdollars, client.budget.resets))
  if (ceilings?.day) {
    lines.push(limitLine('Ceiling of a day for everyone', ceilings.day.microdollars, ceilings.day.left_microdollars, ceilings.day.resets))
  }
  if (ceilings?.job) lines.push(el('li', { text: `One job may cost ${dollars(ceilings.job.microdollars ?? ceilings.job)}.` }))
  return lines.length ? el('section', { class: 'card' }, el('h2', { text: 'Budgets and ceilings' }), el('ul', { class: 'plain' }, lines)) : null
}

/** @param {string} name @param {number} all @param {number} left @param {number} resets */
function limitLine(name, all, left, resets) {
  return el('li', { class: 'limit' }, el('span', { text: name }),
    el('meter', { min: 0, max: Math.max(1, all), value: Math.max(0, all - left), 'aria-label': `${name}: used` }),
    el('span', { class: 'muted', text: `${dollars(left)} of ${dollars(all)} left${resets ? `, resets ${moment(resets)}` : ''}` }))
}
