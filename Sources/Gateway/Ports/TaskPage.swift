package import VideoJobs

package struct TaskPage: Equatable, Sendable {
    package var tasks: [TaskRecord]
    package var hasMore: Bool

    package init(tasks: [TaskRecord], hasMore: Bool) {
        self.tasks = tasks
        self.hasMore = hasMore
    }
}
