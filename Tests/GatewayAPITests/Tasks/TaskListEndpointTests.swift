import GatewayAPI
import GatewayFakes
import JSONText
import Testing
import VideoJobs

@Suite struct TaskListEndpointTests {
    let api: APIHarness

    init() throws { api = try APIHarness() }

    @Test func `pages lead from the newest to the oldest`() throws {
        var ids: [String] = []
        for _ in 0..<5 { ids.insert(try #require(try api.submit().task), at: 0) }
        var seen: [String] = []
        var target = "/v1/tasks?limit=2"
        var pages = 0
        while pages < 5 {
            let page = try #require(try api.ask(.get(target)).json)
            pages += 1
            #expect(page["object"]?.string == "list")
            seen += (page["data"]?.array ?? []).compactMap { $0["id"]?.string }
            guard page["has_more"]?.bool == true else {
                #expect(page["next"] == .null)
                break
            }
            target = "/v1/tasks?limit=2&after=\(try #require(page["next"]?.string))"
        }
        #expect(pages == 3)
        #expect(seen == ids)
    }

    @Test func `each filter selects`() throws {
        let running = try #require(try api.submit().task)
        api.provider.respond(with: .unknown(LostReply("cut")))
        let uncertain = try #require(try api.submit().task)
        for (query, expected) in [
            ("status=failed", [uncertain]), ("status=pending", [running]), ("state=uncertain", [uncertain]),
            ("state=running", [running]), ("model=veo-3.1-reference-to-video", [uncertain, running]),
            ("model=other", []), ("client=open", [uncertain, running]), ("client=ann", []),
            ("status=failed&state=running", []),
        ] {
            let page = try api.ask(.get("/v1/tasks?\(query)")).json
            #expect(page?["data"]?.array?.compactMap { $0["id"]?.string } == expected, "\(query)")
        }
    }

    @Test func `the elements are the task documents`() throws {
        let id = try #require(try api.submit().task)
        let alone = try api.ask(.get("/v1/tasks/\(id)"))
        let listed = try api.ask(.get("/v1/tasks"))
        #expect(listed.text == #"{"object":"list","data":[\#(alone.text)],"has_more":false,"next":null}"#)
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("limit=", "limit"),
        ("status=done", "status"), ("state=done", "state"), ("after=none", "after"), ("model=", "model"),
        ("client=", "client"), ("page=2", "page"), ("limit=1&limit=2", "limit"),
    ])
    func `a bad parameter is 400 and its name is reported`(_ query: String, _ name: String) throws {
        let response = try api.ask(.get("/v1/tasks?\(query)"))
        #expect(response.verdict == "400 bad_request -")
        #expect(response.json?["error"]?["param"]?.string == name)
        #expect(response.json?["errors"]?.array?.first?["parameter"]?.string == name)
    }
}
