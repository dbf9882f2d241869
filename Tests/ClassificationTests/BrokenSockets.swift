import TestSupport

/// Protocol violations and connection failures, caused by raw sockets.
enum BrokenSockets {
    static var rows: [FaultRow] {
        cuts + hangs + wrongReplies + wrongLengths + unusualButComplete + kept
    }

    private static let refusal =
        #"{"error":{"message":"the job is too large","type":"invalid_request_error","code":"too_large"}}"#

    private static func row(
        _ fault: String, _ expected: Outcome, limits: TimeLimits = TimeLimits(),
        followsAnother: Bool = false,
        _ script: @escaping @Sendable (RawConnection, Int, RawLedger) -> Void
    ) -> FaultRow {
        FaultRow(
            fault: fault, provider: .raw(RawFault(script: script)), limits: limits,
            followsAnother: followsAnother, expected: expected)
    }

    private static var cuts: [FaultRow] {
        [
            row("a connection taken and closed at once", .unknown(0, accepted: 0)) { _, _, _ in },
            row("reset within the body of the request", .unknown(0, accepted: 0)) { connection, _, _ in
                connection.readHead()
                connection.readSome()
                connection.reset()
            },
            row("closed in order after the whole request", .unknown(1, accepted: 1)) {
                connection, _, ledger in
                connection.readRequest()
                _ = ledger.accept()
            },
            row("closed in order inside the status line", .unknown(1, accepted: 1)) {
                connection, _, ledger in
                connection.readRequest()
                _ = ledger.accept()
                connection.write("HTTP/1.1 20")
            },
            row("closed in order inside the fields of a 2xx", .unknown(1, accepted: 1)) {
                connection, _, ledger in
                connection.readRequest()
                _ = ledger.accept()
                connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Requ")
            },
        ]
    }

    private static var hangs: [FaultRow] {
        [
            row("hangs past the time limit before reading", .unknown(0, accepted: 0), limits: .short) {
                _, _, ledger in
                ledger.hold()
            },
            row("hangs past the time limit after the head", .unknown(0, accepted: 0), limits: .short) {
                connection, _, ledger in
                connection.readHead()
                ledger.hold()
            },
            row("hangs past the time limit inside the response", .unknown(1, accepted: 1), limits: .short) {
                connection, _, ledger in
                connection.readRequest()
                let body = ledger.accept()
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n{")
                ledger.hold()
            },
        ]
    }

    private static var wrongReplies: [FaultRow] {
        [
            row("a response that is no HTTP", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                _ = ledger.accept()
                connection.write("SSH-2.0-OpenSSH_9.2p1\r\n")
            },
            row("a status line without a status", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                let body = ledger.accept()
                connection.write("HTTP/1.1 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            },
            row("a flood of interim responses", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                _ = ledger.accept()
                let many = String(repeating: "HTTP/1.1 102 Processing\r\n\r\n", count: 1000)
                while connection.write(many) {}
            },
            row("101, which nobody asked for", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                _ = ledger.accept()
                connection.write(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
            },
            row("a head without an end", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                _ = ledger.accept()
                connection.write("HTTP/1.1 200 OK\r\n")
                while connection.write(String(repeating: "X-Filler: more\r\n", count: 1000)) {}
            },
            row("a gigabyte that ends with the connection", .unknown(1, accepted: 1)) {
                connection, _, ledger in
                connection.readRequest()
                connection.write("HTTP/1.1 200 OK\r\n\r\n\(ledger.accept())")
                sendGigabyte(connection, [UInt8](repeating: 0x20, count: 1 << 16))
            },
            row("a gigabyte in chunks", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                _ = ledger.accept()
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "10000\r\n\(String(repeating: " ", count: 1 << 16))\r\n"
                sendGigabyte(connection, Array(chunk.utf8))
            },
            row("a Content-Encoding that its bytes do not have", .unknown(1, accepted: 1)) {
                connection, _, ledger in
                connection.readRequest()
                _ = ledger.accept()
                connection.respond(
                    200, fields: ["Content-Encoding: gzip"], "\u{1F}\u{8B}\u{8}not gzip at all")
            },
        ]
    }

    /// Writes a gigabyte, or less if the client closes.
    private static func sendGigabyte(_ connection: RawConnection, _ piece: [UInt8]) {
        for _ in 0..<((1 << 30) / piece.count) where !connection.write(piece) { return }
    }

    private static var wrongLengths: [FaultRow] {
        [
            row("a Content-Length that is too long", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\(ledger.accept())")
            },
            row("a Content-Length that is too short", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n\(ledger.accept())")
            },
            row("two Content-Lengths that disagree", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                let body = ledger.accept()
                connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nContent-Length: 20\r\n\r\n"
                        + body
                )
            },
            row("a chunked response that is cut", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                let body = ledger.accept()
                let length = String(body.utf8.count, radix: 16)
                // All of the body, but not the chunk that ends it.
                connection.write(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(length)\r\n\(body)\r\n")
            },
            row("a chunk whose length is none", .unknown(1, accepted: 1)) { connection, _, ledger in
                connection.readRequest()
                connection.write(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nlong\r\n"
                        + "\(ledger.accept())\r\n0\r\n\r\n"
                )
            },
        ]
    }
}

// Unusual but complete responses.
extension BrokenSockets {
    private static var unusualButComplete: [FaultRow] {
        [
            row("no 100 Continue ever", .accepted()) { connection, _, ledger in
                // A client that waits for 100 Continue would send only its head.
                guard let request = connection.readRequest(), !request.head.lowercased().contains("expect:")
                else { return }
                connection.respond(200, ledger.accept())
            },
            row("some interim responses first", .accepted()) { connection, _, ledger in
                connection.readRequest()
                connection.write(
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
                connection.respond(200, ledger.accept())
            },
            row("a response in chunks", .accepted()) { connection, _, ledger in
                connection.readRequest()
                let body = ledger.accept()
                let length = String(body.utf8.count, radix: 16)
                connection.write(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(length)\r\n\(body)\r\n0\r\n\r\n")
            },
            row("HTTP/1.0, ended by the connection's end", .accepted()) { connection, _, ledger in
                connection.readRequest()
                connection.write("HTTP/1.0 200 OK\r\n\r\n\(ledger.accept())")
            },
            row("a refusal before the body was read", refusedEarly) { connection, _, _ in
                connection.readHead()
                connection.respond(413, fields: ["Connection: close"], refusal)
                connection.end()
                connection.waitForEnd()
            },
        ]
    }

    private static var refusedEarly: Outcome {
        var outcome = Outcome.refused(413)
        outcome.counts.creates = 0
        return outcome
    }

    /// Another job succeeds on connection 0, which the row's job then reuses.
    private static var kept: [FaultRow] {
        [
            keptRow("a kept connection closed in order between jobs", .accepted(2, 2)) { connection, _ in
                connection.end()
                connection.waitForEnd()
            },
            keptRow("a kept connection that hangs up within the job", .unknown(1, accepted: 1)) {
                connection, _ in
                connection.readHead()
                connection.readSome()
            },
            keptRow("a kept connection that hangs up when the job is read", .unknown(2, accepted: 2)) {
                connection, ledger in
                connection.readRequest()
                _ = ledger.accept()
            },
            keptRow("a kept connection that repeats the response to the job before", .unknown(2, accepted: 2))
            {
                connection, ledger in
                let stale = #"{"id":"\#(ledger.lastID)","status":"pending","progress":0}"#
                connection.readRequest()
                _ = ledger.accept()
                connection.respond(200, stale)
                connection.waitForEnd()
            },
            row("a response that came twice at once before the job", .accepted(2, 2), followsAnother: true) {
                connection, number, ledger in
                guard connection.readRequest() != nil else { return }
                let body = ledger.accept()
                let response = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                connection.write(number == 0 ? response + response : response)
                connection.waitForEnd()
            },
        ]
    }

    private static func keptRow(
        _ fault: String, _ expected: Outcome,
        _ then: @escaping @Sendable (RawConnection, RawLedger) -> Void
    ) -> FaultRow {
        row(fault, expected, followsAnother: true) { connection, number, ledger in
            guard connection.readRequest() != nil else { return }
            connection.respond(200, ledger.accept())
            if number == 0 { then(connection, ledger) } else { connection.waitForEnd() }
        }
    }
}
