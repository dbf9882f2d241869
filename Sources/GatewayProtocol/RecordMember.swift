/// A member name of a task's record that a task does not have.
package enum RecordMember: String, CaseIterable, Sendable {
    case job, timings, history, software, name

    // `timings`, which also has `created` and `sent`
    case accepted, finished, ended

    // an element of `history`
    case number, at, event, detail
}
