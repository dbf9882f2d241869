import VideoJobs

/// When a result link expires: as its own signature states, else by the provider's documentation.
enum LinkExpiry {
    /// How far from the time at which a link was received a stated expiry may be, to be believed.
    private static let plausible: ClosedRange<Duration> = .zero ... .seconds(30 * 86_400)

    /// Returns when a link expires.
    ///
    /// - Parameters:
    ///   - received: when the link was first seen.
    ///   - lifetime: the documented lifetime of links.
    static func time(of link: String, received: Timestamp, lifetime: Duration) -> Timestamp {
        guard let stated = stated(in: link), plausible.contains(stated - received) else {
            return received + lifetime
        }
        return stated
    }

    /// Reads the expiry of a signed URL: `X-Amz-Date` with `X-Amz-Expires` (also `X-Goog-…`, `X-Oss-…`), or
    /// `Expires` in seconds since 1970.
    static func stated(in link: String) -> Timestamp? {
        let parameters = parameters(of: link)
        for vendor in ["x-amz", "x-goog", "x-oss"] {
            guard let date = parameters["\(vendor)-date"].flatMap(basicTime),
                let life = parameters["\(vendor)-expires"].flatMap(number)
            else { continue }
            return Timestamp(milliseconds: (date + life) * 1000)
        }
        return parameters["expires"].flatMap(number).map { Timestamp(milliseconds: $0 * 1000) }
    }

    /// Returns the host and port that a link leads to, lower-case.
    static func host(of link: String) -> String {
        guard let scheme = link.firstRange(of: "://") else { return "" }
        let authority = link[scheme.upperBound...].prefix { !"/?#".contains($0) }
        return (authority.split(separator: "@").last ?? "").lowercased()
    }

    /// The parameters of a query with lower-case names; the first of each name.
    private static func parameters(of link: String) -> [String: Substring] {
        guard
            let query = link.prefix(while: { $0 != "#" }).split(separator: "?", maxSplits: 1).dropFirst()
                .first
        else { return [:] }
        var parameters: [String: Substring] = [:]
        for part in query.split(separator: "&").prefix(64) {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, parameters[pair[0].lowercased()] == nil else { continue }
            parameters[pair[0].lowercased()] = pair[1]
        }
        return parameters
    }

    /// Reads at most eleven digits.
    private static func number(_ text: Substring) -> Int64? {
        let isNumber =
            (1...11).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? Int64(text) : nil
    }

    /// Reads `20261130T041500Z` as seconds since 1970.
    private static func basicTime(_ text: Substring) -> Int64? {
        let letters = Array(text)
        guard letters.count == 16, letters[8] == "T" || letters[8] == "t",
            letters[15] == "Z" || letters[15] == "z"
        else { return nil }
        func part(_ range: Range<Int>) -> Int64? { number(Substring(String(letters[range]))) }
        guard let year = part(0..<4), let month = part(4..<6), let day = part(6..<8), let hour = part(9..<11),
            let minute = part(11..<13), let second = part(13..<15), hour < 24, minute < 60, second < 61,
            let date = UTCDate(year: year, month: month, day: day)
        else { return nil }
        return date.start.seconds + hour * 3600 + minute * 60 + second
    }
}
