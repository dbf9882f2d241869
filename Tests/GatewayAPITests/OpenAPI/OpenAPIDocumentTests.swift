import Gateway
import GatewayFakes
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import Testing

@testable import GatewayAPI

/// The description of the API, compared with what it describes.
@Suite struct OpenAPIDocumentTests {
    let api: APIHarness

    init() throws { api = try APIHarness() }

    private var document: JSONValue {
        get throws { try #require(try api.ask(.get("/openapi.json")).json) }
    }

    /// The routes of the API, without the dashboard's own.
    private var routes: [Route] { RouteList(api.services).routes.filter { !$0.isOfDashboard } }

    @Test func `every route is an operation, and every operation is a route`() throws {
        let paths = try #require(try document["paths"]?.object)
        let described = paths.members.flatMap { path in
            path.value.object?.members.map { "\($0.name.uppercased()) \(path.name)" } ?? []
        }
        #expect(Set(described) == Set(routes.map { "\($0.method) \($0.path)" }))
        #expect(Set(described).count == described.count)
    }

    @Test func `each operation has a name of its own, a summary, a tag and at least one success`() throws {
        let operations = try operations()
        let names = operations.compactMap { $0["operationId"]?.string }
        #expect(Set(names).count == operations.count)
        let tags = try #require(try document["tags"]?.array).compactMap { $0["name"]?.string }
        for operation in operations {
            #expect(operation["summary"]?.string?.isEmpty == false)
            #expect(tags.contains(try #require(operation["tags"]?.array?.first?.string)))
            let statuses = operation["responses"]?.object?.members.map(\.name) ?? []
            #expect(statuses.contains { $0.hasPrefix("2") }, "\(operation)")
            #expect(statuses.contains("400") && statuses.contains("503"))
        }
    }

    @Test func `all references and links have a target`() throws {
        let check = SchemaCheck(document: try document)
        let names = try operations().compactMap { $0["operationId"]?.string }
        visit(check.document) { name, value in
            guard let text = value.string else { return }
            if name == "$ref" { #expect(check.resolve(text) != nil, "\(text)") }
            if name == "operationId" { #expect(names.contains(text)) }
        }
        let job = try #require(check.resolve("#/components/schemas/Job"))
        let mapping = try #require(job["discriminator"]?["mapping"]?.object)
        #expect(mapping.members.map(\.name) == ["veo-3.1-reference-to-video", "google/veo-3.1"])
        for target in mapping.members.compactMap(\.value.string) { #expect(check.resolve(target) != nil) }
    }

    @Test func `every error code is described with its status`() throws {
        let check = SchemaCheck(document: try document)
        let listed = check.resolve("#/components/schemas/Problem")?["properties"]?["error"]?["properties"]
        let codes = listed?["code"]?["enum"]?.array?.compactMap(\.string) ?? []
        #expect(codes == ProblemCode.allCases.map(\.rawValue))
        for code in ProblemCode.allCases {
            let response = check.resolve("#/components/responses/Problem\(code.status)")
            #expect(response?["description"]?.string?.contains("`\(code.rawValue)`") == true, "\(code)")
        }
        for route in routes {
            for code in route.responses.problems.union(RouteResponses.common) where code != .unauthorized {
                let operation = check.document["paths"]?[route.path]?[route.method.lowercased()]
                if code == .rateLimited, !route.responses.problems.contains(code) { continue }
                #expect(operation?["responses"]?["\(code.status)"] != nil, "\(route.path): \(code)")
            }
        }
    }

    @Test func `the parameters are those that the endpoint accepts`() throws {
        for route in routes where !route.parameters.isEmpty {
            let operation = try document["paths"]?[route.path]?[route.method.lowercased()]
            let described = operation?["parameters"]?.array?.filter { $0["in"]?.string == "query" }
            #expect(described?.compactMap { $0["name"]?.string } == route.parameters.map(\.name))
        }
    }

    @Test func `a token or a session is required where access needs one`() throws {
        #expect(try document["security"] == nil)
        api.settings.access = .tokens
        let document = try document
        #expect(document["security"]?.array?.count == 2)
        for route in routes {
            let operation = document["paths"]?[route.path]?[route.method.lowercased()]
            let isPublic = route.access == .anyone || route.access == .healthCheck
            #expect((operation?["security"] == []) == isPublic, "\(route.path)")
            #expect(operation?["responses"]?["401"] != nil)
        }
    }

    @Test func `the document is rendered once and revalidated by its entity tag`() throws {
        let handler = api.handler
        func ask(_ fields: [String: String]) throws -> TestResponse {
            let request = TestRequest.get("/openapi.json", fields).request
            return TestResponse(
                try #require(api.world.executor.start { await handler.respond(to: request) }.result))
        }
        let first = try ask([:])
        #expect(first.status == 200)
        #expect(first["Content-Type"] == "application/json")
        let tag = try #require(first["ETag"])
        #expect(tag.hasPrefix("\""))
        #expect(try ask(["If-None-Match": tag]).status == 304)
        #expect(try ask([:]).text == first.text)
        let info = first.json?["info"]
        #expect(info?["version"]?.string == api.settings.version)
        #expect(first.json?["servers"] == [["url": .string(APIHarness.publicURL)]])
    }

    @Test func `a job may name a callback only while webhooks are sent`() throws {
        let check = SchemaCheck(document: try document)
        let job = check.resolve("#/components/schemas/Job-google-veo-3-1")
        #expect(job?["properties"]?["callback_url"] != nil)
        let other = OpenAPIDocument(routes, api.services, acceptsCallbacks: false).json
        let schema = SchemaCheck(document: other).resolve("#/components/schemas/Job-google-veo-3-1")
        #expect(schema?["properties"]?["callback_url"] == nil)
        #expect(schema?["additionalProperties"] == false)
    }

    @Test func `the schema of the bundled job accepts an example and finds a wrong member`() throws {
        let check = SchemaCheck(document: try document)
        let schema = try #require(check.resolve("#/components/schemas/Job-veo-3-1-reference-to-video"))
        let job = try JSONValue(parsing: Array(APIHarness.job.utf8))
        #expect(check.differences(job, schema) == [])
        #expect(check.differences(["model": "veo-3.1-reference-to-video", "promt": "x"], schema).count == 3)
    }

    private func operations() throws -> [JSONValue] {
        try #require(try document["paths"]?.object).members
            .flatMap { $0.value.object?.members.map(\.value) ?? [] }
    }

    /// Calls a function with every member of a value.
    private func visit(_ value: JSONValue, _ each: (String, JSONValue) -> Void) {
        for member in value.object?.members ?? [] {
            each(member.name, member.value)
            visit(member.value, each)
        }
        for element in value.array ?? [] { visit(element, each) }
    }
}
