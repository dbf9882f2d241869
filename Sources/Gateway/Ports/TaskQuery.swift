package import VideoJobs

/// Which tasks a listing shows.
package struct TaskQuery: Equatable, Sendable {
    /// 1…100.
    package var limit: Int
    /// Continue after this task (the last one of the page before).
    package var after: TaskID?
    package var status: TaskStatus?
    package var state: TaskState?
    package var model: String?
    package var client: String?

    package init(limit: Int = 20) { self.limit = limit }
}
