import VideoJobs

/// The expected history entry of a transition.
struct ExpectedStep: Equatable {
    var name: String
    var detail: String?

    init(_ name: String, _ detail: String?) {
        self.name = name
        self.detail = detail
    }
}

extension TaskTransition {
    var step: ExpectedStep { ExpectedStep(name, detail) }
}
