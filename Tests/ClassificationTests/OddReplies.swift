import Foundation
import TestSupport

/// Unusual responses with a task ID: each is an acceptance.
enum OddReplies {
    static var rows: [FaultRow] {
        [
            FaultRow(
                fault: "a response that is compressed", provider: .raw(compressed), expected: .accepted()),
            row("a response with a Content-Encoding that is none", fields: ["Content-Encoding: utf-8"]) {
                $0
            },
            row("a response with a byte order mark") { "\u{FEFF}\($0)" },
            row("a response with a number beyond 64 bits and a member that comes twice") {
                #"{"seed":18446744073709551615,"object":"x","object":"x","# + $0.dropFirst()
            },
            row("a response with half a surrogate pair and text behind it") {
                #"{"note":"\ud800","# + $0.dropFirst() + "\n<!-- 3 ms -->"
            },
            row("a response with the task inside a wrapper") {
                #"{"code":0,"message":"success","data":\#($0)}"#
            },
        ]
    }

    private static func row(
        _ fault: String, fields: [String] = [], _ transform: @escaping @Sendable (String) -> String
    ) -> FaultRow {
        let script = RawFault { connection, _, ledger in
            connection.readRequest()
            connection.respond(200, fields: fields, transform(ledger.accept()))
        }
        return FaultRow(fault: fault, provider: .raw(script), expected: .accepted())
    }

    /// The first response of the ledger, compressed with gzip.
    private static let gzip =
        "H4sIAAAAAAACA6tWykxRslIqSSzO1i1KLNc1VNJRKi5JLCktBooWpOalZOalA4UKivLTi1KLgYIGtQCZNgDLMwAAAA=="

    private static let compressed = RawFault { connection, _, ledger in
        connection.readRequest()
        _ = ledger.accept()
        let body = Array(Data(base64Encoded: gzip) ?? Data())
        connection.write(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n")
        connection.write(body)
    }
}
