import HTTPFetching
import HTTPServing
import JSONText
import Simulator
import Testing
import Transport
import VideoJobs

/// A running simulator and a client of it.
struct RunningSimulator: Sendable {
    let origin: String
    let fetcher: HTTPFetcher
    /// The delays that the simulator requested; none of them is waited for.
    let pauses: RecordedDelays
    let job = SimulatedProviderHarness.job.serialized()

    func request(_ method: String, _ path: String, _ body: [UInt8]) -> FetchRequest {
        var request = FetchRequest(method, origin + path, body: body.isEmpty ? .none : .once(body))
        request.fields = [("Authorization", "Bearer sk-test-1234"), ("Content-Type", "application/json")]
        return request
    }

    func send(_ method: String, _ path: String, _ body: [UInt8] = []) async throws -> FetchResponse {
        switch await fetcher.fetch(request(method, path, body)) {
        case .completed(let response): return response
        case .failed(let failure): throw failure
        }
    }
}

extension FetchResponse {
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
}

func withSimulator(_ body: (RunningSimulator) async throws -> Void) async throws {
    let loop = try EventLoop(label: "simulator")
    let pauses = RecordedDelays()
    let simulator = Simulator(
        try SimulatedProvider(taskLength: .zero, seed: 7), now: { SimulatedProviderHarness.start },
        pause: { pauses.record($0) })
    let anyPort = try #require(SocketAddress("127.0.0.1:0"))
    let server = try await HTTPServer.start(
        at: [anyPort], on: [loop], limits: HTTPLimits(), handler: simulator)
    let there = RunningSimulator(
        origin: "http://\(server.addresses[0])", fetcher: HTTPFetcher(loop: loop, userAgent: "test"),
        pauses: pauses)
    do {
        try await body(there)
    } catch {
        await server.drain(within: .zero)
        throw error
    }
    await server.drain(within: .zero)
}
