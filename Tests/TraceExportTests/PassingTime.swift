import Synchronization

/// A clock that passes at once while somebody sleeps for less than an hour. Longer sleeps end when they are
/// cancelled.
final class PassingTime: Sendable {
    private let time = Mutex(Duration.zero)

    var now: Duration { time.withLock { $0 } }

    func sleep(_ interval: Duration) async {
        if interval >= .seconds(3600) {
            let (endless, _) = AsyncStream.makeStream(of: Never.self)
            for await _ in endless {}
        } else {
            time.withLock { $0 += interval }
        }
    }
}
