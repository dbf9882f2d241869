import Testing

@testable import HTTPServing

/// Which request ids of callers are used.
@Suite struct RequestIDTests {
    private static let token = "rg_0123456789abcdefghjkmnpqrstvwxyz012345"

    @Test(arguments: [
        token, token.uppercased(), "a-\(token)", "x\(token)y", "\(token)\(token)", "Rg_" + token.dropFirst(3),
        // Cut off, mistyped, or with separators.
        String(token.prefix(20)), token.replacing("5", with: "u"), "rg_0123-4567-89ab-cdef-ghjk",
        "sk-live-0123456789abcdef", "id=SK_live_0123456789abcdef", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "Bearer:0123456789abcdef", String(repeating: "0123456789abc", count: 4),
        "s=\(String(repeating: "0123456789abc", count: 4))",
    ])
    func `an id that contains something like a credential is replaced`(_ id: String) {
        #expect(RequestContext.validID(id) == nil)
    }

    @Test(arguments: [
        "req-1", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "4bf92f3577b34da6a3ce929d0e0e4736",
        "task-rg-1757165031-k7m2q9x4w1bz", "org_42", "rg_short", "disk-0123456789abcdef01234567",
        String(repeating: "0123456789abcdef", count: 4), "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    ])
    func `an ordinary id is kept`(_ id: String) {
        #expect(RequestContext.validID(id) == id)
    }

    @Test func `an id that is empty, long or not visible ASCII is replaced`() {
        for id in ["", String(repeating: "x", count: 129), "a b", "a\u{7F}", "ä"] {
            #expect(RequestContext.validID(id) == nil)
        }
        #expect(RequestContext.validID(nil) == nil)
    }
}
