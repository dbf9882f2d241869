import GatewayProtocol
import HTTPWire
import JSONText

/// Reads the query of an endpoint that accepts only certain parameters, each at most once: a parameter that
/// is silently ignored would mislead.
struct QueryReader: Equatable, Sendable {
    private let parameters: QueryParameters

    init(_ query: String?, accepting known: [QueryParameter]) throws(Problem) {
        guard let parameters = QueryParameters(query) else {
            throw Problem(.badRequest, "the query is not percent-encoded UTF-8")
        }
        let names = known.map(\.name)
        if let name = parameters.names.first(where: { !names.contains($0) }) {
            var issue = RequestIssue(
                .queryParameter(name), .unknownParameter, "this endpoint has no parameter \(name)")
            if !names.isEmpty { issue.hint = "known parameters: \(names.joined(separator: ", "))" }
            throw Problem(.badRequest, issue.message).adding(issue)
        }
        if let name = parameters.duplicates.first {
            throw .invalidParameter(name, "\(name) must be given once")
        }
        self.parameters = parameters
    }

    /// Returns a parameter's text as it was sent, also an empty one; `nil` if it is absent.
    func value(_ name: String) -> String? { parameters[name] }

    /// Returns a parameter's text; `nil` if it is absent.
    func string(_ name: String) throws(Problem) -> String? {
        guard let value = parameters[name] else { return nil }
        guard !value.isEmpty else { throw .invalidParameter(name, "\(name) is empty") }
        return value
    }

    /// Returns a parameter's whole number; `nil` if it is absent.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let value = try string(name) else { return nil }
        guard let number = Self.number(value), range.contains(number) else {
            throw .invalidParameter(
                name, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Returns a parameter's case of an enumeration; `nil` if it is absent.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of _: Choice.Type
    ) throws(Problem) -> Choice? {
        guard let value = try string(name) else { return nil }
        guard let choice = Choice(rawValue: value) else {
            let allowed = Choice.allCases.map(\.rawValue)
            var issue = RequestIssue(
                .queryParameter(name), .notAllowed,
                "\(name) must be one of \(allowed.joined(separator: ", "))")
            issue.allowed = allowed.map { .string($0) }
            throw Problem(.badRequest, issue.message).adding(issue)
        }
        return choice
    }

    /// Digits only: no sign, no space.
    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
