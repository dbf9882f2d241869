// Types of the dashboard's scripts, for `tsc`. Not part of the binary.
import type { App as TheApp } from './Files/main.js'

declare global {
  type App = TheApp
  /** A route: `#/PAGE/ID?QUERY`. */
  type Route = { page: string, id: string, query: URLSearchParams }
  /** Shows a page in `main` until `signal` is aborted. */
  type Show = (main: HTMLElement, app: App, route: Route, signal: AbortSignal) => Promise<void>
  type Child = Node | string | number | null | undefined | false
  type Session = { access: 'open' | 'tokens', client: string | null, operator: boolean, version: string }
  type Result = { content_type: string, bytes: number, sha256: string, verified: boolean }
  /** A task as the gateway renders it; the members that the dashboard reads. */
  type Task = {
    id: string, created: number, model: string, status: string, progress: number,
    task_info: { can_cancel: boolean, estimated_time: number | null },
    results: null | Result[],
    error: null | { code: string, message: string }, usage: any,
    gateway: {
      state: string, prompt?: string, version: number, provider_task_id: string | null,
      queue_position: number | null, attempts: number, updated: number, content_expires: number | null,
      content_removed?: boolean, slow?: boolean, client: string,
      price?: { microdollars: number, state: string, earlier_microdollars?: number },
      review?: { verdict: string, note: string | null }, warnings?: { code: string, message: string }[],
      waiting: null | { code: string, message: string, next: number | null },
      evidence: null | Record<string, any>
    }
  }
  /** A fault of a job, beside its field by `pointer`. */
  type Fault = { pointer?: string, code: string, message: string, hint?: string }
  /** The control of a parameter. `read` returns `undefined` for a value that is left out. */
  type Control = { node: HTMLElement, inputs: () => HTMLElement[], read: () => any, write: (value: any) => void, isGroup?: boolean }
  type Field = Control & { name: string, touched: boolean, faults: HTMLElement, standard: any }
  /** A line of a usage report. */
  type Sum = {
    client?: string, model?: string, day?: string, jobs: number, videos: number, spent_microdollars: number,
    reserved_microdollars: number, held_microdollars: number, accepted: number, rejected: number,
    spent_per_accepted_microdollars: number | null
  }
  type Metric = { name: string, value: number, labels: Record<string, string> }
  type Commands = { search: () => void, live: () => void, theme: () => void, pages: Record<string, string> }
}
