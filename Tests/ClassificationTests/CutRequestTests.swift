import JSONText
import ProcessTestSupport
import Testing

/// A reused connection that is reset after the head of a request, before or after its body.
@Suite(.timeLimit(.minutes(3))) struct CutRequestTests {
    @Test func `a job whose request is cut is accepted at most once, for any timing`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"create","nth":2},"do":{"cut":"request"}}]"#)
        let gateway = try await fixture.gateway()
        _ = try await gateway.accepted()
        let response = try await gateway.submit()
        let counts = try await fixture.allCounts()
        // If no byte of the body was sent, libcurl may repeat the request, which the provider cannot have
        // accepted. Otherwise the outcome is unknown.
        let isRepeated = response.status == 200
        #expect(isRepeated || response.status == 504, "\(response.text)")
        #expect(counts == Outcome.Counts(creates: isRepeated ? 3 : 2, accepted: isRepeated ? 2 : 1))
    }
}
