import GatewayProtocol
package import HTTPWire

/// The client's name for a job: sending the job again under it joins the task instead of buying another.
package struct IdempotencyKey: Equatable, Sendable {
    package let text: String

    /// A regular expression for the values that are accepted.
    static let pattern = #"^(?:[!#-~][!-~]{0,254}|"(?:[!#-\[\]-~]|\\["\\]){1,255}")$"#

    /// The key of a request; `nil` without one. Bare or as a structured-field string (RFC 8941 §3.3.3): both
    /// spellings name the same key.
    package init?(_ fields: HTTPFields) throws(Problem) {
        let name = GatewayHeader.idempotencyKey
        let values = fields.values(name)
        guard let value = values.first else { return nil }
        guard values.count == 1 else { throw Problem.invalidHeader(name, "\(name) must be given once") }
        guard let text = value.hasPrefix("\"") ? Self.unquoted(value) : value,
            (1...255).contains(text.utf8.count), text.isVisibleASCII
        else {
            throw Problem.invalidHeader(
                name, "\(name) must be 1 to 255 visible ASCII characters, bare or in double quotes")
        }
        self.text = text
    }

    private static func unquoted(_ value: String) -> String? {
        guard value.utf8.count >= 2, value.hasSuffix("\"") else { return nil }
        var text = ""
        var escaped = false
        for character in value.dropFirst().dropLast().unicodeScalars {
            switch (escaped, character) {
            case (true, "\""), (true, "\\"):
                text.unicodeScalars.append(character)
                escaped = false
            case (true, _), (false, "\""): return nil
            case (false, "\\"): escaped = true
            case (false, _): text.unicodeScalars.append(character)
            }
        }
        return escaped ? nil : text
    }
}
