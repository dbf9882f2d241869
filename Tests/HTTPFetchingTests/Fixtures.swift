import Glibc
import HTTPFetching
import Synchronization
import TestSupport
import Testing
import TestSupport
import Transport

/// One loop for all tests: a loop lives as long as the process.
let testLoop: EventLoop = {
    // Hosts that do not exist must be resolved directly, whatever this machine's proxy is.
    for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        _ = unsafe unsetenv(name)
    }
    do throws(SystemError) { return try EventLoop(label: "test") } catch { fatalError("\(error)") }
}()

extension Trait where Self == PreferredExecutor {
    /// For tests of a kept connection, which must not expire between two requests.
    static var onTheLoop: PreferredExecutor { PreferredExecutor(testLoop.taskExecutor) }
}

func makeFetcher() -> HTTPFetcher { HTTPFetcher(loop: testLoop, userAgent: "reelgate/test") }

extension FetchRequest {
    /// Returns a POST with a small body that may be sent once.
    static func paid(_ server: RawServer, _ body: String = #"{"prompt":"a walk"}"#) -> FetchRequest {
        FetchRequest("POST", server.origin + "/v1/videos/generations", body: .once(Array(body.utf8)))
    }

    static func get(_ server: RawServer, _ path: String = "/") -> FetchRequest {
        FetchRequest("GET", server.origin + path)
    }
}

extension FetchOutcome {
    var response: FetchResponse? { if case .completed(let response) = self { response } else { nil } }
    var failure: FetchError? { if case .failed(let failure) = self { failure } else { nil } }
}

extension FetchResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
