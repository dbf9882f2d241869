import HTTPFetching
import JSONText

@testable import ProviderClient
@testable import VideoJobs

/// Responses of the provider or of its proxy: stored texts are bounded and free of the key, and no job is
/// submitted twice. The first byte of the input selects the status, the rest is the body.
enum ProviderProperty {
    static let secret = "sk-fuzz-0123456789abcdef"
    private static let key = try? APIKey(secret)
    private static let now = Timestamp(milliseconds: 1_757_165_031_000)
    private static let statuses = [
        200, 200, 200, 202, 204, 301, 400, 401, 402, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503, 504,
    ]

    static func check(_ input: [UInt8]) throws(PropertyError) {
        guard let key, let first = input.first else { return }
        let body = Array(input.dropFirst())
        let text = String(decoding: body, as: UTF8.self)
        let line = String(text.prefix { $0 != "\n" })
        let response = FetchResponse(
            status: statuses[Int(first) % statuses.count],
            fields: [("Retry-After", line), ("x-request-id", line)], body: body, bytesSent: 10)
        try checkVerdict(SubmissionClassifier(key: key).verdict(on: .completed(response), now: now), response)
        let poll = PollClassifier(key: key).outcome(
            of: .completed(response), for: ProviderTaskID("task-1"), now: now)
        try checkPoll(poll, response)
        try checkWait(RetryAfter.delay(line, now: now))
        try checkCoding(line)
    }

    private static func checkVerdict(
        _ verdict: SubmissionVerdict, _ response: FetchResponse
    ) throws(PropertyError) {
        let isSuccess = (200...299).contains(response.status)
        let reply = ProviderReply(response)
        let isError = reply.error != nil
        let isQuota = reply.hasQuotaCode(ProviderVocabulary.standard.isQuotaCode)
        switch verdict {
        case .accepted(let id, let report):
            try require(isSuccess && (1...256).contains(id.text.utf8.count), "accepted without an id")
            try checkKept(id.text)
            try check(report)
        case .refused(let failure):
            try require(!isSuccess && isError && response.status < 500, "rejected with \(response.status)")
            try checkKept(failure.code, failure.message)
        case .notAccepted(_, let wait, let message), .blocked(_, let wait, let message):
            let isPause = !isSuccess && (isError || response.status == 429)
            try require(isPause || isQuota, "sent again after \(response.status)")
            try require(isQuota || ![400, 404, 422, 500, 502, 504].contains(response.status), "sent again")
            try require(!isSuccess || reply.taskIDs.isEmpty || isQuota, "sent again although it has an id")
            try checkWait(wait)
            try checkKept(message)
        case .unknown(let reply):
            try checkKept(reply.message, reply.providerRequestID ?? "")
            try require(reply.status == response.status, "the status is lost")
        }
    }

    private static func checkPoll(_ outcome: PollOutcome, _ response: FetchResponse) throws(PropertyError) {
        switch outcome {
        case .report(let report):
            try require((200...299).contains(response.status), "a report with \(response.status)")
            try check(report)
        case .unavailable(let message, let wait):
            try checkKept(message)
            try checkWait(wait)
        case .notKnown(let message), .credentialsRejected(let message):
            let reply = ProviderReply(response)
            let isQuota = reply.hasQuotaCode(ProviderVocabulary.standard.isQuotaCode)
            try require(reply.error != nil || isQuota, "accepted without an error")
            try checkKept(message)
        }
    }

    private static func check(_ report: ProviderReport) throws(PropertyError) {
        try require(report.progress.map { (0...100).contains($0) } ?? true, "the progress")
        try require(report.estimatedSeconds.map { (0...7 * 86_400).contains($0) } ?? true, "the estimate")
        try require(report.links.count <= 16 && Set(report.links).count == report.links.count, "the links")
        for link in report.links {
            let isWeb = link.lowercased().hasPrefix("http://") || link.lowercased().hasPrefix("https://")
            try require(isWeb && link.utf8.count <= 8192, "a link that cannot be fetched")
            try checkKept(link)
        }
        try require((report.usage?.utf8.count ?? 0) <= 4096, "the usage is too long")
        try checkKept(report.usage ?? "", report.failure?.message ?? "", report.failure?.code ?? "")
        if case .unknown(let word) = report.status { try checkKept(word) }
    }

    /// Requires that stored text does not contain the key.
    private static func checkKept(_ texts: String...) throws(PropertyError) {
        for text in texts {
            let bytes = Array(text.utf8)
            let key = Array(secret.utf8)
            guard bytes.count >= key.count else { continue }
            for start in 0...(bytes.count - key.count) where bytes[start] == key[0] {
                try require(!bytes[start...].starts(with: key), "the key is stored")
            }
        }
    }

    private static func checkWait(_ wait: Duration?) throws(PropertyError) {
        guard let wait else { return }
        try require(wait >= .zero && wait <= RetryAfter.delayMax, "a wait of \(wait)")
    }

    /// Requires that decoding reverses encoding and keeps text that is no escape.
    private static func checkCoding(_ text: String) throws(PropertyError) {
        let encoded = PercentCoding.encodeSegment(text)
        try require(PercentCoding.decode(encoded) == Array(text.utf8), "decoding does not reverse encoding")
        let isPlain = encoded.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "%") || "-._~".utf8.contains(byte)
                || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
        }
        try require(isPlain && encoded != "." && encoded != "..", "the segment has a reserved character")
        var rest = Array(text.utf8)[...]
        var expected: [UInt8] = []
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            let isEscape =
                byte == UInt8(ascii: "%") && digits.count == 2
                && digits.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
            expected.append(
                isEscape ? UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? byte : byte)
            if isEscape { rest = rest.dropFirst(2) }
        }
        try require(PercentCoding.decode(text) == expected, "text that is no escape was decoded")
    }
}
