import Dispatch
import Synchronization
import TestSupport

/// One fault, and the whole of what must come of it.
struct FaultRow: Sendable {
    /// What the table calls it; one job's prompt too.
    var fault: String
    var provider: FaultyProvider
    var patience = Patience()
    /// Whether another job goes through first, on the connection that the row's job then finds.
    var followsAnother = false
    var expected: Outcome
}

/// Who misbehaves.
enum FaultyProvider: Sendable {
    /// The simulator, by a rule for the row's job; the text is what the rule does, `times` how often.
    case script(String, times: Int = 1)
    /// A simulator of the row's own, by a whole script.
    case ownScript(String)
    /// A server of raw sockets.
    case raw(RawFault)
    /// Something at an address that answers no HTTP.
    case address(String)
    /// A TLS server of another make, with this certificate.
    case tls(Certificate)
}

/// What only a broken socket can do.
struct RawFault: Sendable {
    var scheme = "http"
    /// The number counts connections from 0.
    var script: @Sendable (_ connection: RawConnection, _ number: Int, _ ledger: RawLedger) -> Void
}

/// What a provider of raw sockets carried out, and what it holds until its row is over.
final class RawLedger: Sendable {
    private let bought = Mutex(0)
    private let end = DispatchSemaphore(value: 0)

    var accepted: Int { bought.withLock { $0 } }
    /// The id of the job that was carried out last.
    var lastID: String { "task-raw-\(accepted)" }

    /// Carries a job out; returns the answer that says so.
    func accept() -> String {
        bought.withLock { $0 += 1 }
        return #"{"id":"\#(lastID)","status":"pending","progress":0}"#
    }

    /// Blocks a connection's thread until the row is over.
    func hold() {
        end.wait()
        end.signal()
    }

    func release() { end.signal() }
}

/// The gateway's time limits for one row.
struct Patience: Hashable, Sendable {
    var connect = "10s"
    var submit = "30s"
    var wait = "25s"

    /// For what hangs once the connection is up. No healthy exchange is to be quick here.
    static let short = Patience(submit: "700ms")
    /// For what is not sent, at once or when a connection is not up in time. The client is to hear of it
    /// between two tries. The pauses between tries double, so its wait ends in a long one: tries begin after
    /// about 0, 0.8, 2.3 and 5.3 s, and take a fraction of a second even where the machine is busy.
    static let unsent = Patience(connect: "50ms", wait: "4s")
    /// For what has to wait for the time that the provider names.
    static let told = Patience(wait: "1500ms")
}
