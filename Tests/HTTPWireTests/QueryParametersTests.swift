import Testing

@testable import HTTPWire

@Suite struct QueryParametersTests {
    @Test func `query parameters are decoded`() throws {
        let query = try #require(
            QueryParameters("limit=20&after=task%2D1&q=a+b%2Bc&flag&empty=&&=x&%E2%82%AC=%e2%82%ac"))
        #expect(query["limit"] == "20")
        #expect(query["after"] == "task-1")
        #expect(query["q"] == "a b+c")
        #expect(query["flag"] == "")
        #expect(query["empty"] == "")
        #expect(query[""] == "x")
        #expect(query["€"] == "€")
        #expect(query["none"] == nil)
        #expect(query.names == ["limit", "after", "q", "flag", "empty", "", "€"])
        #expect(query.duplicates.isEmpty)
    }

    @Test func `a missing query is empty`() {
        #expect(QueryParameters(nil)?.names == [])
        #expect(QueryParameters("")?.names == [])
    }

    @Test func `duplicate names are reported`() {
        let query = QueryParameters("a=1&b=2&a=3&%61=4&c=5=6")
        #expect(query?.duplicates == ["a"])
        #expect(query?["a"] == "1")
        #expect(query?["c"] == "5=6")
    }

    @Test(arguments: ["a=%", "a=%1", "a=%zz", "%=1", "a=%ff", "a=%c0%af", "a=%ed%a0%80", "a=%+1", "a=%E2%82"])
    func `malformed escapes are rejected`(_ text: String) {
        #expect(QueryParameters(text) == nil)
    }

    @Test func `a plus sign in a path is literal`() {
        #expect(PercentText.decode("a+b%20c") == "a+b c")
    }
}
