import HTTPFetching
import JSONText
import Transport

/// HTTP as a careful client speaks it: every request is sent once, whatever becomes of it.
struct Caller: Sendable {
    let loop: EventLoop
    private let fetcher: HTTPFetcher

    init(loop: EventLoop) {
        self.loop = loop
        fetcher = HTTPFetcher(loop: loop, userAgent: "reelgate-crash-test")
    }

    /// One request; `nil` if no whole answer came.
    func send(
        _ method: String, _ url: String, _ body: String? = nil, _ fields: [String: String] = [:]
    ) async -> Heard? {
        guard case .answered(let answer) = await exchange(method, url, body, fields) else { return nil }
        return Heard(answer)
    }

    /// One request that must be answered.
    func demand(_ method: String, _ url: String, _ body: String? = nil) async throws -> Heard {
        switch await exchange(method, url, body, [:]) {
        case .answered(let answer): return Heard(answer)
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
            // Once: libcurl would repeat a POST whose reused connection died, and nobody may do that here.
            request.body = .once(Array(body.utf8))
            request.fields.append((name: "Content-Type", value: "application/json"))
        }
        return await fetcher.fetch(request)
    }

    func get(_ url: String, _ fields: [String: String] = [:]) async -> Heard? {
        await send("GET", url, nil, fields)
    }

    /// Sends a job, under a key if one is given.
    func submit(
        _ prompt: String, to gateway: String, key: String?, prefer: String? = nil
    ) async -> Heard? {
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

    /// Follows a task until nothing more happens to it by itself; `nil` if the gateway went away.
    func follow(_ id: String, at gateway: String) async -> JSONValue? {
        var known = "\"none\""
        while !Task.isCancelled {
            // Waits only while the task is what was seen last: no change in between is missed.
            let answer = await get("\(gateway)/v1/tasks/\(id)?wait=20", ["If-None-Match": known])
            guard let answer else { return nil }
            if answer.status == 304 { continue }
            guard answer.status == 200, let task = answer.json, let tag = answer["etag"] else { return nil }
            if ["completed", "failed", "cancelled"].contains(task["status"]?.string) { return task }
            known = tag
        }
        return nil
    }
}

/// A whole answer.
struct Heard: Sendable {
    let status: Int
    let body: [UInt8]
    private let answer: FetchResponse

    init(_ answer: FetchResponse) {
        status = answer.status
        body = answer.body
        self.answer = answer
    }

    subscript(name: String) -> String? { answer[name] }
    var json: JSONValue? { try? JSONValue(parsing: body, limits: JSONLimits(bytes: 64 << 20)) }
    var text: String { String(decoding: body.prefix(400), as: UTF8.self) }

    /// The task that the answer names, as a task or in a problem.
    var taskID: String? {
        let json = json
        return json?["task_id"]?.string ?? (json?["object"]?.string == nil ? nil : json?["id"]?.string)
    }

    /// What the answer says of the task's state.
    var sighting: Sighting? {
        guard let gateway = json?["gateway"], let state = gateway["state"]?.string,
            let version = gateway["version"]?.integer
        else { return nil }
        return Sighting(state: state, version: Int(version))
    }
}

/// A state of a task as somebody outside saw it.
struct Sighting: Hashable, Sendable {
    var state: String
    var version: Int
}
