import JSONText
import ProcessTestSupport
import Testing

/// Clients that share one slot at the provider.
@Suite(.timeLimit(.minutes(5))) struct FairQueueTests {
    /// Submits jobs over one connection and prints the task ids. The prompts begin with a name.
    private static let submitter = """
        import http.client, json, sys
        port, token, name, first, last = sys.argv[1:]
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
        fields = {"Authorization": "Bearer " + token, "Content-Type": "application/json",
                  "Prefer": "respond-async"}
        for number in range(int(first), int(last) + 1):
            job = {"model": "veo-3.1-reference-to-video", "prompt": f"{name}{number}",
                   "reference_image_urls": ["https://example.com/ref1.jpg"]}
            connection.request("POST", "/v1/videos/generations", json.dumps(job), fields)
            response = connection.getresponse()
            body = json.loads(response.read())
            assert response.status in (200, 202), body
            print(body["id"])
        """

    private func submit(
        _ name: String, _ numbers: ClosedRange<Int>, _ token: String, to gateway: GatewayUnderTest
    ) async throws -> [String] {
        let port = String(gateway.url.split(separator: ":").last ?? "")
        let ran = try await Tools.run(
            "python3",
            ["-c", Self.submitter, port, token, name, "\(numbers.lowerBound)", "\(numbers.upperBound)"])
        try #require(ran.status == 0, "\(ran.errors)")
        return ran.text.split(separator: "\n").map(String.init)
    }

    private func bearer(_ token: String) -> [String] { ["-H", "Authorization: Bearer \(token)"] }

    private func addClient(_ name: String, _ socket: [String]) async throws -> String {
        let added = try await Curl.post("http://any/v1/clients", #"{"name":"\#(name)"}"#, socket)
        return try #require(try added.json()["token"]?.string)
    }

    @Test func `one job is sent within one turn of a client with 500 jobs, and weights give more turns`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway {
            $0.access = "{clients: tokens}"
            $0.maxInFlight = 1
        }
        let socket = ["--unix-socket", fixture.folder.path + "/data/operator.sock"]
        let a = try await addClient("a", socket)
        let b = try await addClient("b", socket)
        var ids = ["a": try await submit("a", 1...500, a, to: gateway)]
        ids["b"] = try await submit("b", 1...1, b, to: gateway)
        func position(_ client: String, _ number: Int) async throws -> Int64? {
            let id = try #require(ids[client]?[number - 1])
            let task = try await gateway.task(id, bearer(client == "a" ? a : b))
            return task["gateway"]?["queue_position"]?.integer
        }
        #expect(try await position("a", 2) == 1)
        #expect(try await position("b", 1) == 2)
        #expect(try await position("a", 500) == 500)

        /// Ends the running task and waits until the expected one is sent.
        func next(_ client: String, _ number: Int) async throws {
            try await fixture.advance("3600s")
            let id = try #require(ids[client]?[number - 1])
            _ = try await gateway.follow(id, bearer(client == "a" ? a : b)) {
                !["queued", "sending"].contains($0["gateway"]?["state"]?.string)
            }
        }
        try await next("a", 2)
        try await next("b", 1)

        ids["b", default: []] += try await submit("b", 2...4, b, to: gateway)
        let patch = ["-X", "PATCH"] + socket
        #expect(try await Curl.post("http://any/v1/clients/a", #"{"weight":3}"#, patch).status == 200)
        for (client, number) in [("a", 3), ("b", 2), ("a", 4), ("a", 5), ("a", 6), ("b", 3), ("a", 7)] {
            try await next(client, number)
        }
        let sent = try await fixture.ledger()["entries"]?.array ?? []
        #expect(
            sent.map { $0["body"]?["prompt"]?.string }
                == ["a1", "a2", "b1", "a3", "b2", "a4", "a5", "a6", "b3", "a7"])
    }
}
