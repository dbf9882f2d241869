import Dispatch
import Synchronization

/// The accepted jobs of a provider with raw sockets, and the connections that it holds open.
final class RawLedger: Sendable {
    private let bought = Mutex(0)
    private let end = DispatchSemaphore(value: 0)

    var accepted: Int { bought.withLock { $0 } }
    /// The ID of the last accepted job.
    var lastID: String { "task-raw-\(accepted)" }

    /// Accepts a job and returns the body of the response.
    func accept() -> String {
        bought.withLock { $0 += 1 }
        return #"{"id":"\#(lastID)","status":"pending","progress":0}"#
    }

    /// Blocks the thread of a connection until `release()`.
    func hold() {
        end.wait()
        end.signal()
    }

    func release() { end.signal() }
}
