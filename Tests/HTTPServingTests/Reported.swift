/// Reports a callback to a test that waits for it.
struct Reported {
    let events: AsyncStream<Void>
    let report: @Sendable () -> Void

    init() {
        let (events, sink) = AsyncStream<Void>.makeStream()
        self.events = events
        report = { sink.yield() }
    }

    /// Returns when it was reported.
    func wait() async {
        for await _ in events { return }
    }
}
