import Testing

@testable import ProviderClient

@Suite struct APIKeyTests {
    @Test func `a key prints only as its type`() {
        expectNoKey(in: key)
        expectNoKey(in: [key])
        expectNoKey(in: Optional(key) as Any)
        #expect("\(key)" == "APIKey(…)")
        #expect(String(reflecting: key) == "APIKey(…)")
    }

    @Test(arguments: ["", "\n", "\r\n"])
    func `trailing line ends are not part of the key`(_ end: String) throws {
        #expect(try APIKey(secret + end).authorization() == "Bearer \(secret)")
    }

    @Test(arguments: [
        ("", APIKeyError.empty), ("\r\n\n", .empty), ("a b", .unprintable), ("a\r\nX: y", .unprintable),
        ("schlüssel", .unprintable), ("a\0", .unprintable), (" key-1", .unprintable),
        (String(repeating: "k", count: 4097), .tooLong(limit: 4096)),
    ])
    func `an invalid key is rejected without being quoted`(_ text: String, _ error: APIKeyError) {
        #expect(throws: error) { try APIKey(text) }
        #expect(text.isEmpty || !"\(error)".contains(text))
    }
}
