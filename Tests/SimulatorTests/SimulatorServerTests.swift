import HTTPFetching
import HTTPServing
import HTTPWire
import JSONText
import Simulator
import Synchronization
import Testing
import Transport
import VideoJobs

/// The simulator on a real socket, requested with the gateway's own client.
@Suite struct SimulatorServerTests {
    @Test func `a job completes over a socket`() async throws {
        try await withSimulator { there in
            let created = try await there.send("POST", "/v1/videos/generations", there.job)
            #expect(created.status == 200)
            let id = try #require(created.json["id"]?.string)
            let report = try await there.send("GET", "/v1/tasks/\(id)").json
            #expect(report["status"] == "completed")
            let link = try #require(report["results"]?.array?.first?["url"]?.string)
            let video = try #require(fetched(await there.fetcher.fetch(FetchRequest("GET", link))))
            #expect(video.status == 200 && video["Content-Type"] == "video/mp4")
            #expect(video["Content-Length"] == String(video.body.count))
            let ledger = try await there.send("GET", "/_simulator/ledger").json
            #expect(ledger["accepted"] == 1 && ledger["polls"] == 1 && ledger["downloads"] == 1)
        }
    }

    @Test(arguments: ["before", "after"])
    func `a cut create has no response`(_ cut: String) async throws {
        try await withSimulator { there in
            _ = try await there.send(
                "POST", "/_simulator/script", Array(#"[{"match":{"nth":1},"do":{"cut":"\#(cut)"}}]"#.utf8))
            let outcome = await there.fetcher.fetch(
                there.request("POST", "/v1/videos/generations", there.job))
            guard case .failed(let failure) = outcome else {
                Issue.record("a response came: \(outcome)")
                return
            }
            #expect(failure.stage == .afterSending && failure.status == nil)
            let ledger = try await there.send("GET", "/_simulator/ledger").json
            #expect(ledger["accepted"]?.integer == (cut == "before" ? 0 : 1))
        }
    }

    @Test func `a create that is cut within its response is accepted without a task ID`() async throws {
        try await withSimulator { there in
            _ = try await there.send(
                "POST", "/_simulator/script", Array(#"[{"match":{"nth":1},"do":{"cut":"within"}}]"#.utf8))
            // libcurl treats a response that ends within its fields as a complete one without a body.
            let outcome = await there.fetcher.fetch(
                there.request("POST", "/v1/videos/generations", there.job))
            if let response = fetched(outcome) { #expect(response.body.isEmpty) }
            let ledger = try await there.send("GET", "/_simulator/ledger").json
            #expect(ledger["accepted"] == 1)
        }
    }

    @Test func `a create that is cut within the request is not billed`() async throws {
        try await withSimulator { there in
            _ = try await there.send(
                "POST", "/_simulator/script",
                Array(#"[{"match":{"kind":"create","nth":2},"do":{"cut":"request"}}]"#.utf8))
            #expect(try await there.send("POST", "/v1/videos/generations", there.job).status == 200)
            let outcome = await there.fetcher.fetch(
                there.request("POST", "/v1/videos/generations", there.job))
            #expect(fetched(outcome) == nil)
            #expect(try await there.send("POST", "/v1/videos/generations", there.job).status == 200)
            let ledger = try await there.send("GET", "/_simulator/ledger").json
            #expect(ledger["accepted"] == 2 && ledger["creates"] == 3)
            #expect(ledger["entries"]?.array?[1]["scripted"] == "cut")
            #expect(ledger["script"]?.array == [["do": "cut", "matched": 3, "acted": 1]])
        }
    }

    @Test func `a throttled response is complete, and a padded one has its full length`() async throws {
        try await withSimulator { there in
            let script =
                #"[{"match":{"nth":1},"do":{"byte_delay":"1ms"}},"#
                + #"{"match":{"nth":2},"do":{"padding":3000000}}]"#
            _ = try await there.send("POST", "/_simulator/script", Array(script.utf8))
            let slow = try await there.send("POST", "/v1/videos/generations", there.job)
            #expect(slow.status == 200 && slow.json["id"]?.string != nil)
            var request = there.request("POST", "/v1/videos/generations", there.job)
            request.responseLimit = 4 << 20
            let large = try #require(fetched(await there.fetcher.fetch(request)))
            #expect(large.body.count > 3_000_000 && large["Content-Length"] == String(large.body.count))
            // The connection stays usable.
            #expect(try await there.send("POST", "/v1/videos/generations", there.job).status == 200)
        }
    }

    @Test func `a truncated video is detected by its length`() async throws {
        try await withSimulator { there in
            let created = try await there.send("POST", "/v1/videos/generations", there.job)
            let id = try #require(created.json["id"]?.string)
            let report = try await there.send("GET", "/v1/tasks/\(id)").json
            let link = try #require(report["results"]?.array?.first?["url"]?.string)
            _ = try await there.send(
                "POST", "/_simulator/script", Array(#"[{"do":{"truncate_content":true}}]"#.utf8))
            guard case .failed = await there.fetcher.fetch(FetchRequest("GET", link)) else {
                Issue.record("half a video passed for a whole one")
                return
            }
        }
    }

    @Test func `a delay is waited for, and a hanging call waits longest`() async throws {
        try await withSimulator { there in
            _ = try await there.send(
                "POST", "/_simulator/script",
                Array(#"[{"match":{"nth":1},"do":{"delay":3}},{"match":{"nth":2},"do":{"hang":true}}]"#.utf8))
            #expect(try await there.send("POST", "/v1/videos/generations", there.job).status == 200)
            guard
                case .failed = await there.fetcher.fetch(
                    there.request("POST", "/v1/videos/generations", there.job))
            else {
                Issue.record("a hanging call was answered")
                return
            }
            #expect(there.pauses.withLock { $0 } == [.seconds(3), .seconds(600)])
        }
    }

    @Test func `echo returns the body`() async throws {
        try await withSimulator { there in
            let body = [UInt8]((0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) })
            let echo = try await there.send("PUT", "/_simulator/echo", body)
            #expect(echo.body == body)
            #expect(try await there.send("OPTIONS", "/_simulator/echo/deeper?x", body).body == body)
            let padded = try await there.send("GET", "/_simulator/echo")
            #expect(padded.body == Array(".....".utf8))
        }
    }

    private func fetched(_ outcome: FetchOutcome) -> FetchResponse? {
        if case .completed(let response) = outcome { response } else { nil }
    }
}
