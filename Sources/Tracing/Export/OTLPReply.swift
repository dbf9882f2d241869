import JSONText

/// The collector's reply to a batch.
package struct OTLPReply: Equatable, Sendable {
    /// Spans that the collector did not accept; 0 if it accepted all.
    package var rejectedSpans: Int64 = 0
    /// Its message for people, if it sent one.
    package var message: String?

    private static let messageMax = 200

    /// Reads an `ExportTraceServiceResponse`; anything else means that all was accepted.
    package init(parsing body: [UInt8]) {
        guard let reply = try? JSONValue(parsing: body), let partial = reply["partialSuccess"] else { return }
        // Protobuf's JSON has 64-bit numbers as texts, and readers accept both.
        rejectedSpans =
            partial["rejectedSpans"]?.integer ?? partial["rejectedSpans"]?.string.flatMap { Int64($0) } ?? 0
        if let text = partial["errorMessage"]?.string, !text.isEmpty {
            message = String(text.prefix(Self.messageMax))
        }
    }

    /// Whether the log is to say something.
    package var isPartial: Bool { rejectedSpans > 0 || message != nil }
}
