import Testing

@testable import HTTPServing

/// The identity that a connection proves by itself.
@Suite struct PrincipalTests {
    @Test func `a certificate comes before the machine, and the machine before nothing`() {
        var context = RequestContext(requestID: "r")
        #expect(Principal(context) == .anonymous)
        context.isLocal = true
        #expect(Principal(context) == .local)
        context.certifiedName = "render farm"
        #expect(Principal(context) == .certificate("render farm"))
    }

    @Test func `log lines name a client or a user of the operator socket`() {
        #expect(Principal.client("studio", isOperator: false).label == "client:studio")
        #expect(Principal.operatorSocket(uid: 1000).label == "socket:1000")
    }
}
