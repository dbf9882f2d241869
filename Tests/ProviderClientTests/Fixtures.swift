import HTTPFetching
import TestSupport
import Testing
import Transport
import VideoJobs

@testable import ProviderClient

/// The key of every test in this module. It must not occur in any output.
let secret = "sk-live-0123456789abcdef"

let key: APIKey = {
    do throws(APIKeyError) { return try APIKey(secret) } catch { fatalError("\(error)") }
}()

/// Sunday, 6 November 1994, 08:49:37 GMT, the date of the examples in RFC 9110.
let november = Timestamp(milliseconds: 784_111_777_000)

/// The event loop of all tests; a loop lives as long as the process.
let testLoop: EventLoop = {
    do throws(SystemError) { return try EventLoop(label: "test") } catch { fatalError("\(error)") }
}()

extension Trait where Self == PreferredExecutor {
    /// For tests of a reused connection, which must not become stale between two requests.
    static var onTheLoop: PreferredExecutor { PreferredExecutor(testLoop.taskExecutor) }
}

let errorText = #"{"error":{"message":"No such model","type":"invalid_request_error"}}"#

extension FetchOutcome {
    static func reply(
        _ status: Int, _ body: String, _ fields: [(name: String, value: String)] = []
    ) -> FetchOutcome {
        .completed(FetchResponse(status: status, fields: fields, body: Array(body.utf8)))
    }
}

/// Fails if any printed form of a value contains the key.
func expectNoKey(in value: Any, _ location: SourceLocation = #_sourceLocation) {
    var text = "\(value) \(String(reflecting: value))"
    dump(value, to: &text)
    #expect(!text.contains(secret), sourceLocation: location)
}
