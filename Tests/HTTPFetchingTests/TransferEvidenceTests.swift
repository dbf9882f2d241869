import Testing

@testable import HTTPFetching

/// The outcome that evidence proves, and heads as libcurl passes them on.
@Suite struct TransferEvidenceTests {
    private func evidence(
        code: Int, begun: Int, written: Int64, read: Bool = false
    ) -> TransferEvidence {
        var evidence = TransferEvidence()
        evidence.result = (code, "words (\(code))")
        evidence.requestsBegun = begun
        evidence.bytesWritten = written
        evidence.bodyWasRead = read
        return evidence
    }

    @Test func `a body that libcurl cannot rewind means a closed connection`() {
        let failure = evidence(code: 65, begun: 1, written: 200, read: true).outcome(body: []).failure
        #expect(failure?.message == "the connection closed before a reply came (65)")
        #expect(failure?.stage == .afterSending)
    }

    @Test func `only a transfer that certainly wrote nothing is before sending`() {
        // A proxy's CONNECT counts as bytes written, although no request began.
        let unsent = [
            evidence(code: 7, begun: 0, written: 0), evidence(code: 56, begun: 0, written: 120),
            evidence(code: 55, begun: 1, written: 0),
        ]
        for evidence in unsent {
            let failure = evidence.outcome(body: []).failure
            #expect(failure?.stage == .beforeSending)
            #expect(failure?.bytesSent == 0)
        }
        // The second: a reused connection closed and the new one was refused.
        let sent = [
            evidence(code: 52, begun: 1, written: 200, read: true),
            evidence(code: 7, begun: 1, written: 200), evidence(code: 55, begun: 1, written: 0, read: true),
        ]
        for evidence in sent {
            let failure = evidence.outcome(body: []).failure
            #expect(failure?.stage == .afterSending)
            #expect(failure?.bytesSent ?? 0 > 0)
        }
    }

    @Test func `a success without a complete head is a failure`() {
        var evidence = evidence(code: 0, begun: 1, written: 200, read: true)
        #expect(evidence.outcome(body: []).failure?.stage == .afterSending)
        _ = evidence.head.parse(Array("HTTP/1.1 200 OK\r\n".utf8))
        #expect(evidence.outcome(body: []).failure?.status == 200)
        _ = evidence.head.parse(Array("\r\n".utf8))
        #expect(evidence.outcome(body: [1]).response?.body == [1])
    }

    @Test func `our own reason to stop takes precedence over libcurl's result`() {
        var evidence = evidence(code: 42, begun: 1, written: 9, read: true)
        let stages: [(TransferEvidence.Stop, FetchError.Stage)] = [
            (.cancelled, .cancelled), (.tooLarge, .tooLarge), (.rejectedBySink, .stoppedBySink),
            (.bodyAlreadyRead, .afterSending), (.cannotRun("x"), .afterSending),
        ]
        for (stop, stage) in stages {
            evidence.stop = stop
            #expect(evidence.outcome(body: []).failure?.stage == stage)
        }
    }

    @Test func `a head restarts after an interim response and ends at its empty line`() {
        var head = ReceivedHead()
        for line in ["HTTP/1.1 100 Continue\r\n", "A: 1\r\n", "\r\n"] { _ = head.parse(Array(line.utf8)) }
        #expect(!head.isComplete)
        for line in ["HTTP/2 204 \r\n", "B:\t2 \r\n", " folded\r\n", "\r\n"] {
            _ = head.parse(Array(line.utf8))
        }
        #expect(head.isComplete && head.status == 204)
        _ = head.parse(Array("Trailer: 1\r\n".utf8))
        #expect(head.fields.map(\.name) == ["B"])
        #expect(head.fields.map(\.value) == ["2 folded"])
    }

    @Test func `a paid transfer may begin again only if its body was not read`() {
        func transfer(_ body: [UInt8]) -> Transfer {
            Transfer(
                number: 1, request: FetchRequest("POST", "http://x/", body: .once(body)), download: nil
            ) { _ in }
        }
        let unread = transfer([1, 2])
        #expect(unread.mayBeginRequest(at: nil) && unread.mayBeginRequest(at: nil))
        #expect(unread.readBody(atMost: 1) == [1])
        #expect(!unread.mayBeginRequest(at: nil))

        let read = transfer([1, 2])
        #expect(read.mayBeginRequest(at: nil))
        #expect(read.readBody(atMost: 9) == [1, 2])
        #expect(read.readBody(atMost: 9) == nil)

        let empty = transfer([])
        #expect(empty.mayBeginRequest(at: nil) && !empty.mayBeginRequest(at: nil))
    }
}
