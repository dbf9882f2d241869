import HTTPFetching
import JSONText
import Transport

/// An HTTP client that sends every request exactly once, even if the connection fails.
struct CrashTestClient: Sendable {
    let loop: EventLoop
    private let fetcher: HTTPFetcher

    init(loop: EventLoop, connectionsMax: Int = 64) {
        self.loop = loop
        fetcher = HTTPFetcher(
            loop: loop, userAgent: "reelgate-crash-test", connectionsMax: connectionsMax)
    }

    /// Sends a request; returns `nil` if no complete response arrived.
    func send(
        _ method: String, _ url: String, _ body: String? = nil, _ fields: [String: String] = [:]
    ) async -> ClientResponse? {
        guard case .completed(let response) = await exchange(method, url, body, fields) else { return nil }
        return ClientResponse(response)
    }

    /// Sends a request; throws if no complete response arrived.
    func sendExpectingResponse(
        _ method: String, _ url: String, _ body: String? = nil
    ) async throws -> ClientResponse {
        switch await exchange(method, url, body, [:]) {
        case .completed(let response): return ClientResponse(response)
        case .failed(let failure): throw failure
        }
    }

    private func exchange(
        _ method: String, _ url: String, _ body: String?, _ fields: [String: String]
    ) async -> FetchOutcome {
        var request = FetchRequest(method, url)
        request.timeout = .seconds(30)
        request.responseLimit = 64 << 20
        request.fields = fields.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        if let body {
            // Once: libcurl would repeat a POST on a reused connection that was closed.
            request.body = .once(Array(body.utf8))
            request.fields.append((name: "Content-Type", value: "application/json"))
        }
        return await fetcher.fetch(request)
    }

    /// Sends a GET; returns `nil` if no complete response arrived.
    func get(_ url: String, _ fields: [String: String] = [:]) async -> ClientResponse? {
        await send("GET", url, nil, fields)
    }

    /// Submits a job, with an idempotency key if there is one.
    func submit(
        _ prompt: String, to gateway: String, key: String?, prefer: String? = nil
    ) async -> ClientResponse? {
        let job: JSONValue = [
            "model": "veo-3.1-reference-to-video", "prompt": .string(prompt),
            "reference_image_urls": ["https://example.com/ref1.jpg"],
        ]
        var fields: [String: String] = [:]
        fields["Idempotency-Key"] = key
        fields["Prefer"] = prefer
        let text = String(decoding: job.serialized(), as: UTF8.self)
        return await send("POST", "\(gateway)/v1/videos/generations", text, fields)
    }

    /// Follows a task until it is terminal; returns `nil` if the gateway stopped.
    func follow(_ id: String, at gateway: String) async -> JSONValue? {
        var known = "\"none\""
        while !Task.isCancelled {
            // The entity tag makes the wait start at the last seen version, so no change is missed.
            let response = await get("\(gateway)/v1/tasks/\(id)?wait=20", ["If-None-Match": known])
            guard let response else { return nil }
            if response.status == 304 { continue }
            guard response.status == 200, let task = response.json, let tag = response["etag"] else {
                return nil
            }
            if ["completed", "failed", "cancelled"].contains(task["status"]?.string) { return task }
            known = tag
        }
        return nil
    }
}
