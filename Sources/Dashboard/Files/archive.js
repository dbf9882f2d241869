// @ts-check
import { call, taskPath, urlOf } from './api.js'
import { el, fill, setText } from './dom.js'
import { ago, bytes, counted, moment } from './format.js'
import { link } from './router.js'

/** Videos that are fetched at once. */
const PAGE = 60

/** @type {Show} */
export const showArchive = async (main, app, route, signal) => {
  /** @type {Task[]} */
  let tasks = []
  /** @type {string | null} */
  let next = null
  const grid = el('ul', { class: 'grid' })
  const summary = el('dl', { class: 'figures' })
  const order = el('select', { id: 'order' }, el('option', { value: 'newest', text: 'Newest first' }),
    el('option', { value: 'expiry', text: 'Next to expire first' }))
  const more = el('button', { type: 'button', text: 'Show older videos', hidden: true })
  fill(main, el('div', { class: 'head' }, el('h1', { text: 'Archive', tabindex: '-1' }),
    el('span', {}, el('label', { class: 'unseen', for: 'order', text: 'Order' }), order)), summary, grid, more)

  const show = () => {
    const shown = order.value === 'expiry'
      ? [...tasks].sort((a, b) => (a.gateway.content_expires ?? Infinity) - (b.gateway.content_expires ?? Infinity)) : tasks
    fill(grid, shown.length ? shown.map(videoCard) : el('li', { class: 'empty', text: 'No video is archived yet.' }))
  }
  const load = async () => {
    more.disabled = true
    const page = await call(`v1/tasks?state=completed&limit=${PAGE}${next ? `&after=${next}` : ''}`, { signal })
    tasks = tasks.concat(page.data.filter(/** @param {Task} task */ task => !task.gateway.content_removed))
    next = page.next
    more.hidden = !page.has_more
    more.disabled = false
    show()
    showTotals(summary, tasks, page.has_more, app.session.operator ? (await call('dashboard/health', { signal }).catch(() => null))?.archive : null)
  }
  order.addEventListener('change', show)
  more.addEventListener('click', () => load().catch(() => {}))
  app.feed.addEventListener('tasks', event => {
    for (const task of /** @type {CustomEvent<Task[]>} */ (event).detail) {
      if (task.gateway.state !== 'completed' || tasks.some(other => other.id === task.id)) continue
      if (tasks.length && task.created < tasks[tasks.length - 1].created) continue
      tasks.unshift(task)
      if (grid.querySelector('.empty')) grid.replaceChildren()
      // New videos come first; nothing else moves while somebody looks at the grid.
      if (!grid.matches(':hover')) grid.prepend(videoCard(task))
    }
  }, { signal })
  await load().catch(error => { if (!signal.aborted) fill(grid, el('li', { class: 'fault', text: error.message })) })
}

/** @param {HTMLElement} node @param {Task[]} tasks @param {boolean} hasMore @param {any} archive what an operator may know */
function showTotals(node, tasks, hasMore, archive) {
  const own = tasks.flatMap(task => task.results ?? []).reduce((sum, result) => sum + result.bytes, 0)
  const first = archive?.next?.[0] ?? [...tasks].filter(task => task.gateway.content_expires)
    .sort((a, b) => (a.gateway.content_expires ?? 0) - (b.gateway.content_expires ?? 0))
    .map(task => ({ id: task.id, expires: task.gateway.content_expires }))[0]
  fill(node, [
    figure(hasMore ? 'Videos shown' : 'Videos', tasks.length.toLocaleString('en-US')),
    figure('Size', archive ? bytes(archive.bytes) : bytes(own)),
    archive?.max_bytes ? figure('Limit', bytes(archive.max_bytes)) : null,
    archive?.free_bytes ? figure('Free on the disk', bytes(archive.free_bytes)) : null,
    first ? figure('Next to expire', el('a', { href: link('tasks', first.id), title: moment(first.expires), text: ago(first.expires) })) : null
  ])
}

/**
 * A number with its name.
 * @param {string} name @param {string | Node} value
 */
export function figure(name, value) { return el('div', {}, el('dt', { text: name }), el('dd', {}, value)) }

/**
 * A video, which is loaded when somebody wants to see it: a look at the page fetches nothing.
 * @param {Task} task
 */
function videoCard(task) {
  const title = task.gateway.prompt || task.id
  const results = task.results ?? []
  const screen = el('div', { class: 'screen' })
  const url = urlOf(taskPath(task.id, '/content'))
  if (results[0]?.verified && results[0].content_type.startsWith('video/')) {
    screen.append(el('button', { type: 'button', class: 'play', 'aria-label': `Play: ${title}`, text: '▶', on: { click: () => {
      const video = el('video', { src: url, controls: true, playsinline: true, 'aria-label': title })
      screen.replaceChildren(video)
      video.focus()
      video.play().catch(() => {})
    } } }))
  } else screen.append(el('a', { href: url, download: true, text: 'Download' }))
  const size = results.reduce((sum, result) => sum + result.bytes, 0)
  const expiry = el('span')
  setText(expiry, task.gateway.content_expires ? `expires ${ago(task.gateway.content_expires)}` : 'kept')
  return el('li', { class: 'card' }, screen,
    el('a', { href: link('tasks', task.id), 'data-row': true, class: 'caption', text: title }),
    el('p', { class: 'muted' }, `${bytes(size)}${results.length > 1 ? `, ${counted(results.length, 'file')}` : ''} · `, expiry))
}
