import Testing

@testable import Transport

@Suite struct TimerTests {
    @Test func `timers fire by deadline, then in order of scheduling`() {
        var queue = TimerQueue()
        let log = Log()
        for (deadline, name) in [(30, "c"), (10, "a"), (20, "b1"), (20, "b2"), (40, "d")] {
            _ = queue.insert(at: UInt64(deadline)) { log.add(name) }
        }
        while let body = queue.popDue(at: 30) { body() }
        #expect(log.entries == ["a", "b1", "b2", "c"])
        #expect(queue.earliest() == 40)
    }

    @Test func `a cancelled timer does not fire, and cancelling it again is harmless`() {
        var queue = TimerQueue()
        let log = Log()
        let first = queue.insert(at: 1) { log.add("first") }
        _ = queue.insert(at: 2) { log.add("second") }
        queue.cancel(first)
        queue.cancel(first)
        #expect(queue.earliest() == 2)
        while let body = queue.popDue(at: 5) { body() }
        #expect(log.entries == ["second"])
        #expect(queue.earliest() == nil)
    }

    @Test func `cancelled timers do not accumulate`() {
        var queue = TimerQueue()
        let kept = (0..<10).map { queue.insert(at: 1_000_000 + UInt64($0)) {} }
        for number in 0..<100_000 {
            queue.cancel(queue.insert(at: UInt64(number)) {})
        }
        #expect(queue.size <= 2 * kept.count + 65)
        #expect(queue.earliest() == 1_000_000)
    }

    @Test func `the loop fires timers in order and skips cancelled ones`() async {
        let fired = await withCheckedContinuation { continuation in
            loop.post { reactor in
                let log = Log()
                _ = reactor.schedule(after: .milliseconds(9)) { continuation.resume(returning: log.entries) }
                _ = reactor.schedule(after: .milliseconds(4)) { log.add("second") }
                let cancelled = reactor.schedule(after: .milliseconds(3)) { log.add("never") }
                _ = reactor.schedule(after: .milliseconds(2)) { log.add("first") }
                reactor.cancel(cancelled)
            }
        }
        #expect(fired == ["first", "second"])
    }

    @Test func `a deadline that moves later expires once, at its last setting`() async {
        let result = await withCheckedContinuation { continuation in
            loop.post { reactor in
                let start = reactor.now
                var deadline: Deadline?
                deadline = Deadline(on: reactor) {
                    continuation.resume(returning: reactor.now - start)
                    deadline = nil
                }
                deadline?.set(after: .milliseconds(2))
                _ = reactor.schedule(after: .milliseconds(1)) { deadline?.set(after: .milliseconds(10)) }
            }
        }
        #expect(result >= 11_000_000)
    }

    @Test func `a deadline that moves earlier or is cleared is respected`() async {
        let log = await withCheckedContinuation { continuation in
            loop.post { reactor in
                let log = Log()
                let cleared = Deadline(on: reactor) { log.add("cleared") }
                cleared.set(after: .milliseconds(1))
                cleared.clear()
                let near = Deadline(on: reactor) { log.add("near") }
                near.set(after: .seconds(3600))
                near.set(after: .milliseconds(2))
                _ = reactor.schedule(after: .milliseconds(6)) {
                    near.invalidate()
                    cleared.invalidate()
                    continuation.resume(returning: log.entries)
                }
            }
        }
        #expect(log == ["near"])
    }
}
