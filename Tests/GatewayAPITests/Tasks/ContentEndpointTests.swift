import Gateway
import GatewayAPI
import GatewayFakes
import HTTPServing
import HTTPWire
import JSONText
import Testing
import VideoJobs

@Suite struct ContentEndpointTests {
    let api: APIHarness

    init() throws { api = try APIHarness() }

    private let sha256 = String(repeating: "ab", count: 32)

    @Test func `the whole video has the fields that a player needs`() throws {
        let id = try complete()
        let prompt = "A-woman-walking-through-a-garden-"
        for request in [TestRequest.get("/v1/tasks/\(id)/content"), .head("/v1/tasks/\(id)/content")] {
            let response = try api.ask(request)
            #expect(response.status == 200)
            #expect(response.text == "file 1[0..+1000]")
            #expect(response["Content-Type"] == "video/mp4")
            #expect(response["Accept-Ranges"] == "bytes")
            #expect(response["ETag"] == "\"\(sha256)\"")
            #expect(response["Content-Disposition"] == "inline; \(name(prompt + id, "mp4"))")
            #expect(response["X-Content-Type-Options"] == "nosniff")
        }
        let second = try api.ask(.get("/v1/tasks/\(id)/content?index=1"))
        #expect(second.text == "file 2[0..+1000]")
        #expect(second["Content-Disposition"] == "inline; \(name(prompt + "\(id)-2", "mp4"))")
    }

    @Test(arguments: [
        ("bytes=0-0", 206, "[0..+1]", "bytes 0-0/1000"),
        ("bytes=10-", 206, "[10..+990]", "bytes 10-999/1000"),
        ("bytes=-10", 206, "[990..+10]", "bytes 990-999/1000"),
        ("bytes=900-5000", 206, "[900..+100]", "bytes 900-999/1000"),
        ("bytes=0-1,5-6", 200, "[0..+1000]", nil), ("bytes=5-1", 200, "[0..+1000]", nil),
        ("lines=0-1", 200, "[0..+1000]", nil),
    ])
    func `a range is 206 with that part`(
        _ range: String, _ status: Int, _ part: String, _ contentRange: String?
    ) throws {
        let response = try api.ask(.get("/v1/tasks/\(try complete())/content", ["Range": range]))
        #expect(response.status == status)
        #expect(response.text.hasSuffix(part))
        #expect(response["Content-Range"] == contentRange)
    }

    @Test func `a range beyond the end is 416 with the length`() throws {
        let response = try api.ask(.get("/v1/tasks/\(try complete())/content", ["Range": "bytes=1000-"]))
        #expect(response.verdict == "416 range_not_satisfiable -")
        #expect(response["Content-Range"] == "bytes */1000")
    }

    @Test func `a repeated Range or If-Range is ignored`() throws {
        let path = "/v1/tasks/\(try complete())/content"
        for (name, value) in [("Range", "bytes=5-6"), ("Range", "bytes=0-1"), ("If-Range", "\"\(sha256)\"")] {
            var ask = TestRequest.get(path, ["Range": "bytes=0-1", "If-Range": "\"\(sha256)\""])
            ask.request.head.fields.append(name, value)
            let response = try api.ask(ask)
            #expect(response.status == 200)
            #expect(response.text.hasSuffix("[0..+1000]"))
        }
    }

    @Test func `If-Range needs the current entity tag`() throws {
        let path = "/v1/tasks/\(try complete())/content"
        let range = ["Range": "bytes=0-9"]
        let fits = range.merging(["If-Range": "\"\(sha256)\""]) { $1 }
        #expect(try api.ask(.get(path, fits)).status == 206)
        let other = range.merging(["If-Range": "\"other\""]) { $1 }
        #expect(try api.ask(.get(path, other)).status == 200)
        // RFC 9110 §14.2: a Range is for GET.
        #expect(try api.ask(.head(path, range)).status == 200)
    }

    @Test func `a client that has the video gets 304, and If-Match of another 412`() throws {
        let path = "/v1/tasks/\(try complete())/content"
        let known = try api.ask(.get(path, ["If-None-Match": "\"\(sha256)\""]))
        #expect(known.status == 304)
        #expect(known["ETag"] == "\"\(sha256)\"")
        #expect(try api.ask(.get(path, ["If-Match": "\"other\""])).verdict == "412 precondition_failed -")
    }

    @Test func `an unfinished video is 409, and an expired one 410`() throws {
        let running = try #require(try api.submit().task)
        let early = try api.ask(.get("/v1/tasks/\(running)/content"))
        #expect(early.verdict == "409 not_ready -")
        #expect(early["Retry-After"] != nil)
        api.provider.report(.report(ProviderReport(.failed)))
        api.world.pass(.seconds(20))
        let failed = try api.ask(.get("/v1/tasks/\(running)/content"))
        #expect(failed.verdict == "409 not_ready -")
        #expect(failed["Retry-After"] == nil)
    }

    @Test func `a removed video is 410, with what is known of it`() throws {
        let id = try complete()
        let archived = api.world.clock.now().seconds
        api.world.pass(.seconds(31 * 86_400))
        let response = try api.ask(.get("/v1/tasks/\(id)/content?index=1"))
        #expect(response.verdict == "410 expired -")
        #expect(response["Retry-After"] == nil)
        let content = response.json?["content"]
        #expect(content?["content_type"]?.string == "video/mp4")
        #expect(content?["bytes"]?.integer == 1000)
        #expect(content?["sha256"]?.string == sha256)
        let times = (content?["archived"]?.integer ?? 0, content?["removed"]?.integer ?? 0)
        #expect(archived - 20 <= times.0 && times.0 <= archived)
        #expect(times.1 >= times.0 + 30 * 86_400 && times.1 <= archived + 31 * 86_400)
        // The task has no third result, removed or not.
        #expect(try api.ask(.get("/v1/tasks/\(id)/content?index=2")).verdict == "404 not_found -")
        #expect(try api.ask(.head("/v1/tasks/\(id)/content")).status == 410)
    }

    @Test(arguments: [
        ("A cat", "A-cat-", "A-cat-"),
        ("Über den Dächern", "ber-den-D-chern-", "%C3%9Cber-den-D%C3%A4chern-"),
        ("../../etc/passwd", "etc-passwd-", "etc-passwd-"),
        ("\"\r\nSet-Cookie: a=b\"", "Set-Cookie-a-b-", "Set-Cookie-a-b-"),
        ("猫", "", "%E7%8C%AB-"), ("\u{202E}gpj.exe", "gpj.exe-", "gpj.exe-"), ("🎬", "", ""),
        ("%41;x", "41-x-", "41-x-"),
        ("CON. .", "CON-", "CON-"), ("-rf", "rf-", "rf-"),
        (
            String(repeating: "a", count: 300), String(repeating: "a", count: 40) + "-",
            String(repeating: "a", count: 40) + "-"
        ),
    ])
    func `a prompt names the file and does nothing else`(
        _ prompt: String, _ ascii: String, _ utf8: String
    ) throws {
        let result = ArchivedResult(contentType: "video/mp4", bytes: 9, sha256: sha256)
        let delivery = try ContentDelivery(
            of: .file(MemoryFile(bytes: 9)), result, named: Self.name(prompt: prompt))
        let response = TestResponse(
            try delivery.response(to: RequestHead(method: "GET", path: "/", authority: "")))
        let expected = "filename=\"\(ascii)task-rg-1-a.mp4\"; filename*=UTF-8''\(utf8)task-rg-1-a.mp4"
        #expect(response["Content-Disposition"] == "inline; \(expected)")
    }

    @Test func `a name of many long characters stays within what file systems accept`() throws {
        let prompt = String(repeating: "e" + String(repeating: "\u{301}", count: 9), count: 60)
        let name = Self.name(prompt: prompt)
        let result = ArchivedResult(contentType: "video/mp4", bytes: 9, sha256: sha256)
        let delivery = try ContentDelivery(of: .file(MemoryFile(bytes: 9)), result, named: name)
        let response = TestResponse(
            try delivery.response(to: RequestHead(method: "GET", path: "/", authority: "")))
        let field = try #require(response["Content-Disposition"])
        let encoded = try #require(field.split(separator: "'").last)
        #expect(encoded.utf8.count - 2 * encoded.count { $0 == "%" } <= 255)
    }

    @Test func `without its archive, or missing from it, a video is 503 and not 410`() throws {
        let id = try complete()
        api.world.archive.setUnavailable(true)
        let away = try api.ask(.get("/v1/tasks/\(id)/content"))
        #expect(away.verdict == "503 archive_unavailable -")
        #expect(away["Retry-After"] != nil)
        #expect(try api.ask(.get("/readyz")).verdict == "503 archive_unavailable -")
        api.world.archive.setUnavailable(false)
        #expect(try api.ask(.get("/readyz")).status == 200)

        api.world.archive.lose(ArtifactID(task: TaskID(id), index: 0))
        #expect(try api.ask(.get("/v1/tasks/\(id)/content")).verdict == "503 archive_unavailable -")
        let ready = try api.ask(.get("/readyz"))
        #expect(ready.status == 200)
        #expect(ready.json?["warnings"]?.array?.first?["code"]?.string == "archive_unavailable")
    }

    @Test func `a file of another length than stored is an internal error`() {
        let result = ArchivedResult(contentType: "video/mp4", bytes: 1000, sha256: sha256)
        let problem = #expect(throws: Problem.self) {
            try ContentDelivery(of: .file(MemoryFile(bytes: 999)), result, named: Self.name())
        }
        #expect(problem?.status == 500)
    }

    @Test func `other media are an attachment`() throws {
        let result = ArchivedResult(contentType: "text/html", bytes: 9, sha256: sha256)
        let delivery = try ContentDelivery(of: .file(MemoryFile(bytes: 9)), result, named: Self.name())
        let head = RequestHead(method: "GET", path: "/", authority: "")
        let response = TestResponse(try delivery.response(to: head))
        #expect(response["Content-Disposition"] == "attachment; \(name("task-rg-1-a", "mp4"))")
    }

    @Test(arguments: [
        ("video/mp4", true, "inline", "mp4"),
        ("video/mp4", false, "attachment", "mp4"),
        ("image/jpeg", true, "inline", "jpg"),
        ("video/webm", false, "attachment", "webm"),
    ])
    func `an unverified video is an attachment`(
        _ type: String, _ verified: Bool, _ disposition: String, _ ending: String
    ) throws {
        let result = ArchivedResult(contentType: type, bytes: 9, sha256: sha256, verified: verified)
        let delivery = try ContentDelivery(
            of: .file(MemoryFile(bytes: 9)), result, named: Self.name(index: 1))
        let response = TestResponse(
            try delivery.response(to: RequestHead(method: "GET", path: "/", authority: "")))
        let name = name("task-rg-1-a-2", ending)
        #expect(response["Content-Disposition"] == "\(disposition); \(name)")
        #expect(response["X-Content-Type-Options"] == "nosniff")
    }

    @Test func `a GET that reaches the end is a fetch, and a look at the beginning is none`() throws {
        let id = try complete()
        let path = "/v1/tasks/\(id)/content"
        let fetched = { api.world.store.durable.first { $0.id.text == id }?.fetched }
        _ = try api.ask(.head(path))
        _ = try api.ask(.get(path, ["Range": "bytes=0-0"]))
        _ = try api.ask(.get(path, ["Range": "bytes=1000-"]))
        #expect(fetched() == nil)
        _ = try api.ask(.get(path, ["Range": "bytes=500-"]))
        #expect(fetched() != nil)
    }

    @Test func `a task warns of the removal of a video that nobody has fetched`() throws {
        let id = try complete()
        let warnings = { try api.ask(.get("/v1/tasks/\(id)")).json?["gateway"]?["warnings"] }
        #expect(try warnings() == nil)
        api.world.pass(.seconds(29 * 86_400 + 3600))
        let list = try #require(try warnings()?.array)
        #expect(list.map { $0["code"]?.string } == ["not_fetched"])
        #expect(list.first?["message"]?.string?.contains("it is removed at ") == true)
        #expect(try api.ask(.get("/v1/tasks/\(id)/content")).status == 200)
        api.world.pass(.seconds(1))
        #expect(try warnings() == nil)
    }

    @Test(arguments: ["index=-1", "index=x", "index=", "size=1"])
    func `a bad index is 400`(_ query: String) throws {
        #expect(
            try api.ask(.get("/v1/tasks/\(try complete())/content?\(query)")).verdict == "400 bad_request -")
    }

    @Test func `a video that the task does not have is 404`() throws {
        #expect(try api.ask(.get("/v1/tasks/\(try complete())/content?index=2")).verdict == "404 not_found -")
    }

    /// Returns the parameters of a file without a prompt in its name.
    private func name(_ stem: String, _ ending: String) -> String {
        "filename=\"\(stem).\(ending)\"; filename*=UTF-8''\(stem).\(ending)"
    }

    private static func name(prompt: String? = nil, index: Int = 0) -> ContentName {
        let job = VideoJob(model: "m", payload: [], promptBeginning: prompt.map { PromptBeginning(of: $0) })
        let record = TaskRecord(
            id: TaskID("task-rg-1-a"), job: job, client: "c", created: Timestamp(milliseconds: 0))
        return ContentName(of: record, index: index)
    }

    /// Runs a job to its end and returns its id.
    private func complete() throws -> String {
        let links = ["https://cdn.example/1.mp4", "https://cdn.example/2.mp4"]
        api.provider.report(.report(ProviderReport(.completed, links: links)))
        let id = try #require(try api.submit().task)
        api.world.pass(.seconds(20))
        return id
    }
}
