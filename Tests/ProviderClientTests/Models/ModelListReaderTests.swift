import Gateway
import HTTPFetching
import JSONText
import Testing

@testable import ProviderClient

/// The provider's list of models, in the forms that providers use.
@Suite struct ModelListReaderTests {
    private static func page(_ text: String) throws -> ModelPage? {
        ModelPage(try JSONValue(parsing: Array(text.utf8)))
    }

    @Test(arguments: [
        #"{"object":"list","data":[{"id":"a","object":"model"},{"id":"b"}]}"#,
        #"{"data":{"models":[{"name":"a"},{"name":"b"}]},"success":true}"#,
        #"{"models":[{"name":"models/a","displayName":"A"},{"name":"models/b"}]}"#, #"["a","b"]"#,
        #"{"result":{"list":[{"model":"a"},{"model":"b"},{"else":1},7]}}"#,
    ])
    func `names are found in every known form`(_ text: String) throws {
        let page = try #require(try Self.page(text))
        #expect(page.names.isSuperset(of: ["a", "b"]) && page.next == nil && !page.isCut)
    }

    @Test(arguments: ["{}", #"{"data":"a"}"#, "7", #"{"error":{"message":"no"}}"#, #"{"data":[{"x":1}]}"#])
    func `a reply without a list is no list`(_ text: String) throws {
        #expect(try Self.page(text) == nil)
    }

    @Test(
        arguments: [
            (#"{"data":[{"id":"a/b"}],"has_more":true}"#, "after=a%2Fb", false),
            (#"{"data":[{"id":"a"}],"has_more":true,"last_id":"z"}"#, "after=z", false),
            (#"{"models":[{"name":"a"}],"nextPageToken":"t=1"}"#, "pageToken=t%3D1", false),
            (#"{"data":["a"],"next_cursor":"c"}"#, "cursor=c", false),
            (#"{"data":["a"],"next":"https://elsewhere.example/2"}"#, nil, true),
            (#"{"data":["a"],"has_more":true}"#, nil, true),
            (#"{"data":["a"],"has_more":false}"#, nil, false),
            (#"{"data":["a"],"nextPageToken":""}"#, nil, false),
        ] as [(String, String?, Bool)])
    func `the next page is requested as the provider names it`(
        _ text: String, _ next: String?, _ isCut: Bool
    ) throws {
        let page = try #require(try Self.page(text))
        #expect(page.next == next && page.isCut == isCut)
    }

    private static let redactor = Redactor(secret: "sk-secret-key-0123456789")

    private static func step(
        _ reader: inout ModelListReader, _ status: Int, _ text: String
    ) -> ModelListReader.Step {
        reader.step(after: .completed(FetchResponse(status: status, body: Array(text.utf8))))
    }

    @Test func `pages are joined to one list`() {
        var reader = ModelListReader(redactor: Self.redactor)
        #expect(
            Self.step(&reader, 200, #"{"data":[{"id":"a"}],"has_more":true}"#) == .request(query: "after=a"))
        #expect(Self.step(&reader, 200, #"{"data":[{"id":"b"}]}"#) == .finished(.listed(["a", "b"])))
    }

    @Test func `pages without an end, or without news, say nothing`() {
        for isNew in [true, false] {
            var reader = ModelListReader(redactor: Self.redactor)
            var steps = 0
            while case .request = Self.step(
                &reader, 200, #"{"data":[{"id":"\#(isNew ? steps : 0)"}],"has_more":true}"#)
            {
                steps += 1
                if steps > 100 { break }
            }
            #expect(steps == (isNew ? ModelListReader.pagesMax - 1 : 1))
        }
    }

    @Test(
        arguments: [
            (404, "unsupported"), (405, "unsupported"), (501, "unsupported"), (401, "rejected"),
            (403, "rejected"), (402, "rejected"), (429, "unavailable"), (500, "unavailable"),
            (302, "unavailable"),
        ] as [(Int, String)])
    func `a status that is no list is judged by what it says of the key`(_ status: Int, _ kind: String) {
        var reader = ModelListReader(redactor: Self.redactor)
        let text = #"{"error":{"message":"no sk-secret-key-0123456789","type":"x"}}"#
        let (found, message): (String, String) =
            switch Self.step(&reader, status, text) {
            case .finished(.unsupported(let message)): ("unsupported", message)
            case .finished(.rejected(let message)): ("rejected", message)
            case .finished(.unavailable(let message)): ("unavailable", message)
            case .finished(.listed), .request: ("list", "")
            }
        #expect(found == kind && !message.contains("secret-key"), "\(message)")
    }

    @Test func `an empty list, and text that is no JSON, say nothing about models`() {
        for text in [#"{"data":[]}"#, "<html>", ""] {
            var reader = ModelListReader(redactor: Self.redactor)
            guard case .finished(.unsupported) = Self.step(&reader, 200, text) else {
                Issue.record("\(text)")
                continue
            }
        }
    }
}
