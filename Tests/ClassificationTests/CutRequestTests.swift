import JSONText
import ProcessTestSupport
import Testing

/// A kept connection that is reset when the head of a job's request has come, its body perhaps not.
@Suite(.timeLimit(.minutes(3))) struct CutRequestTests {
    @Test func `a job whose request is cut is bought once or not at all, whichever the timing`() async throws
    {
        let house = try await EndToEndFixture()
        try await house.script(#"[{"match":{"kind":"create","nth":2},"do":{"cut":"request"}}]"#)
        let gateway = try await house.gateway()
        _ = try await gateway.accepted()
        let answer = try await gateway.submit()
        let counts = try await house.allCounts()
        // Where no byte of the body was taken from us, libcurl may send the request anew: nothing can have
        // been bought. Otherwise the outcome is unknown.
        let isSentAnew = answer.status == 200
        #expect(isSentAnew || answer.status == 504, "\(answer.text)")
        #expect(counts == Outcome.Counts(creates: isSentAnew ? 3 : 2, accepted: isSentAnew ? 2 : 1))
    }
}
