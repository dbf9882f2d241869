import HTTPWire
import JSONText

/// The parameters of a query, each known to the place that was asked and given once: what is ignored in
/// silence misleads.
struct QueryReader: Equatable, Sendable {
    private let given: QueryParameters

    init(_ query: String?, _ known: [String]) throws(Problem) {
        guard let given = QueryParameters(query) else {
            throw Problem(400, "bad_request", "the query is not percent-encoded UTF-8")
        }
        if let name = given.names.first(where: { !known.contains($0) }) {
            var fault = Problem.Fault(
                .queryParameter(name), "unknown_parameter", "there is no parameter \(name) here")
            fault.hint = "known here: \(known.joined(separator: ", "))"
            throw Problem(400, "bad_request", fault.message).with(fault)
        }
        if let name = given.duplicates.first { throw .badParameter(name, "\(name) must stand once") }
        self.given = given
    }

    func text(_ name: String) throws(Problem) -> String? {
        guard let value = given[name] else { return nil }
        guard !value.isEmpty else { throw .badParameter(name, "\(name) is empty") }
        return value
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let value = try text(name) else { return nil }
        guard let number = Self.number(value), range.contains(number) else {
            throw .badParameter(
                name, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, _: Word.Type
    ) throws(Problem) -> Word? {
        guard let value = try text(name) else { return nil }
        guard let word = Word(rawValue: value) else {
            let message = Word.allCases.map(\.rawValue)
            var fault = Problem.Fault(
                .queryParameter(name), "not_allowed",
                "\(name) must be one of \(message.joined(separator: ", "))")
            fault.allowed = message.map { .string($0) }
            throw Problem(400, "bad_request", fault.message).with(fault)
        }
        return word
    }

    /// Digits only: no sign, no space.
    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
