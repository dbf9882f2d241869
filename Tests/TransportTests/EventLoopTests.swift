import Glibc
import Synchronization
import Testing
import Transport

/// One loop for all tests: a loop lives as long as its process.
let loop: EventLoop = {
    do { return try EventLoop(label: "tests") } catch { preconditionFailure("\(error)") }
}()

@Suite struct EventLoopTests {
    @Test func `an actor's code runs on its loop`() async throws {
        #expect(!loop.isCurrent)
        #expect(try await loop.run { _ in loop.isCurrent })
    }

    @Test func `a task that prefers the loop runs on it, before and after an await elsewhere`() async {
        let places = await Task(executorPreference: loop.taskExecutor) {
            let before = loop.isCurrent
            await Task.detached {}.value
            let after = loop.isCurrent
            return [before, after]
        }.value
        #expect(places == [true, true])
    }

    @Test func `a task that prefers the loop may call the loop's actor`() async throws {
        let times = try await Task(executorPreference: loop.taskExecutor) {
            [try await loop.run { $0.now }, try await loop.run { $0.now }]
        }.value
        #expect(times[0] > 0 && times[1] >= times[0])
    }

    @Test func `posted work runs once, in the order of each thread`() async {
        let threads = 8
        let each = 2_000
        let seen = Seen(threads)
        await withTaskGroup { group in
            for thread in 0..<threads {
                group.addTask {
                    for number in 0..<each {
                        loop.post { _ in seen.add(number, of: thread) }
                    }
                }
            }
        }
        // Runs after everything that was posted.
        _ = try? await loop.run { _ in 0 }
        #expect(seen.lists == [[Int]](repeating: Array(0..<each), count: threads))
    }

    @Test func `a loop is woken from each of its waits`() async throws {
        // Its wait begins in epoll and continues in Dispatch: the pauses end before, around and after that.
        for microseconds in stride(from: 0, through: 12_000, by: 240) {
            let began = SystemTime.monotonicNanoseconds
            while SystemTime.monotonicNanoseconds - began < UInt64(microseconds) * 1000 {
                await Task.yield()
            }
            #expect(try await loop.run { _ in loop.isCurrent })
        }
    }

    @Test func `enqueued work runs after the callback that enqueued it`() async {
        let log = await withCheckedContinuation { continuation in
            loop.post { reactor in
                let log = Log()
                reactor.enqueue {
                    log.add("enqueued")
                    continuation.resume(returning: log.entries)
                }
                log.add("callback")
            }
        }
        #expect(log == ["callback", "enqueued"])
    }

    @Test func `work that keeps enqueueing work does not starve events`() async throws {
        let stopped = Flag()
        let ended = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            loop.post { reactor in
                let bound = LoopBound(reactor, on: loop)
                func again() {
                    if stopped.isSet { return continuation.resume(returning: true) }
                    bound.value.enqueue { again() }
                }
                again()
                _ = reactor.schedule(after: .milliseconds(1)) { stopped.set() }
            }
        }
        #expect(ended)
    }

    @Test func `a sleep ends at once when its task is cancelled`() async {
        let sleeper = Task { await loop.sleep(for: .seconds(3600)) }
        sleeper.cancel()
        await sleeper.value
    }

    @Test func `a sleep ends after its time`() async {
        let before = SystemTime.monotonicMilliseconds
        await loop.sleep(for: .milliseconds(20))
        #expect(SystemTime.monotonicMilliseconds - before >= 19)
    }
}

/// Numbers by the thread that posted them.
private final class Seen: Sendable {
    private let held: Mutex<[[Int]]>
    init(_ threads: Int) { held = Mutex([[Int]](repeating: [], count: threads)) }
    var lists: [[Int]] { held.withLock { $0 } }
    func add(_ number: Int, of thread: Int) { held.withLock { $0[thread].append(number) } }
}

/// A flag shared by threads.
private final class Flag: Sendable {
    private let held = Atomic(false)
    var isSet: Bool { held.load(ordering: .relaxed) }
    func set() { held.store(true, ordering: .relaxed) }
}
