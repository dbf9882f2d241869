/// A person's verdict about the video of a completed task.
package struct TaskReview: Equatable, Sendable {
    package enum Verdict: String, CaseIterable, Sendable {
        case accepted, rejected
    }

    package let verdict: Verdict
    package let note: String?

    /// The longest note, in bytes.
    package static let noteMax = 1_000

    package init(_ verdict: Verdict, note: String? = nil) {
        self.verdict = verdict
        self.note = note
    }
}
