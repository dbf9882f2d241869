/// The parts that a `Range` field selects in a representation of known length (RFC 9110 §14.2).
package enum ByteRange: Equatable, Sendable {
    /// Everything: the field is missing or ignored, because it has another unit, is malformed, or selects too
    /// many or overlapping parts.
    case whole
    /// Existing parts in the requested order; at least one.
    case parts([Range<Int64>])
    /// 416: no requested part exists.
    case unsatisfiable

    /// The most parts that are served.
    private static let maximum = 16

    package static func resolve(_ value: String?, length: Int64) -> ByteRange {
        guard let value, value.count > 6, value.prefix(6).lowercased() == "bytes=" else { return .whole }
        var parts: [Range<Int64>] = []
        var requested = 0
        for element in value.dropFirst(6).split(separator: ",") {
            let spec = element.trimmingOptionalSpace()
            if spec.isEmpty { continue }
            requested += 1
            guard requested <= maximum, let part = Part(spec) else { return .whole }
            switch part.resolve(length) {
            case .whole: return .whole
            case .parts(let found): parts += found
            case .unsatisfiable: break
            }
        }
        guard requested > 0, !isExcessive(parts) else { return .whole }
        return parts.isEmpty ? .unsatisfiable : .parts(parts)
    }

    /// RFC 9110 §14.2: more than two overlapping ranges may be ignored.
    private static func isExcessive(_ parts: [Range<Int64>]) -> Bool {
        guard parts.count > 2 else { return false }
        let sorted = parts.sorted { $0.lowerBound < $1.lowerBound }
        return zip(sorted, sorted.dropFirst()).contains { $0.overlaps($1) }
    }

    /// One range: `first-last`, `first-` or `-length` (§14.1.1).
    private enum Part {
        case from(Int64, to: Int64)
        case suffix(Int64)

        init?(_ spec: Substring) {
            guard let dash = spec.firstIndex(of: "-") else { return nil }
            let first = spec[..<dash]
            let last = spec[spec.index(after: dash)...]
            if first.isEmpty {
                guard let length = DecimalText.value(last) else { return nil }
                self = .suffix(length)
            } else {
                guard let start = DecimalText.value(first),
                    let end = last.isEmpty ? Int64.max : DecimalText.value(last), start <= end
                else { return nil }
                self = .from(start, to: end)
            }
        }

        func resolve(_ length: Int64) -> ByteRange {
            switch self {
            case .from(let first, let last):
                first < length ? .parts([first..<(min(last, length - 1) + 1)]) : .unsatisfiable
            case .suffix(0): .unsatisfiable
            // §14.1.2: satisfiable, but an empty representation has no part.
            case .suffix where length == 0: .whole
            case .suffix(let count): .parts([max(0, length - count)..<length])
            }
        }
    }
}
