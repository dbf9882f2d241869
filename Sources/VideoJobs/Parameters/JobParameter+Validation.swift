import JSONText

extension JobParameter {
    /// Returns every issue of a value of this parameter.
    func issues(in value: JSONValue, at pointer: JSONPointer) -> [JobIssue] {
        switch (kind, value) {
        case (_, .null):
            guard !isNullable else { return [] }
            return [wrongType(value, at: pointer, hint: isRequired ? nil : "leave it out instead")]
        case (.string, .string(let text)): return [stringIssue(text, at: pointer)].compactMap { $0 }
        case (.integer, .integer(let number)): return [integerIssue(number, at: pointer)].compactMap { $0 }
        case (.integer, .real(let number)) where abs(number) >= 0x1p63:
            return [outOfRange(value, at: pointer)]
        case (.boolean, .bool): return []
        case (.url, .string(let text)): return [urlIssue(text, at: pointer)].compactMap { $0 }
        case (.urlList, .array(let elements)): return listIssues(elements, at: pointer)
        case (.string, _), (.integer, _), (.boolean, _), (.url, _), (.urlList, _):
            return [wrongType(value, at: pointer, hint: typeHint(value))]
        }
    }

    // MARK: Values of the right type

    private func stringIssue(_ text: String, at pointer: JSONPointer) -> JobIssue? {
        if isRequired, text.unicodeScalars.allSatisfy(BlankText.isBlank) {
            let message = text.isEmpty ? "\(name) must not be empty" : "\(name) must not be only white space"
            return JobIssue(pointer: pointer.description, code: "empty", message: message)
        }
        if let issue = lengthIssue(text, at: pointer) { return issue }
        guard let allowed, !allowed.contains(where: { $0.isIdentical(to: .string(text)) }) else { return nil }
        let suggestion = NearestName.find(text, among: allowed.compactMap(\.string))
        return notAllowed(allowed, at: pointer, hint: suggestion.map { "did you mean \($0)?" })
    }

    private func lengthIssue(_ text: String, at pointer: JSONPointer) -> JobIssue? {
        guard let lengthMax, text.unicodeScalars.count > lengthMax else { return nil }
        let message = "\(name) has \(text.unicodeScalars.count) characters; at most \(lengthMax) are accepted"
        return JobIssue(pointer: pointer.description, code: "too_long", message: message)
    }

    private func integerIssue(_ number: Int64, at pointer: JSONPointer) -> JobIssue? {
        let value = JSONValue.integer(number)
        if let allowed, !allowed.contains(value) { return notAllowed(allowed, at: pointer, hint: nil) }
        return integers.contains(number) ? nil : outOfRange(value, at: pointer)
    }

    private func outOfRange(_ value: JSONValue, at pointer: JSONPointer) -> JobIssue {
        if let allowed { return notAllowed(allowed, at: pointer, hint: nil) }
        let message = "\(name) must be \(bounds(of: integers)), not \(value.messageText)"
        return JobIssue(
            pointer: pointer.description, code: "out_of_range", message: message, allowed: listedValues)
    }

    /// Describes a range; an unbounded end is an extreme of the type.
    private func bounds(of range: ClosedRange<Int64>) -> String {
        if range == .min ... .max { return "a 64-bit integer" }
        if range.upperBound == .max { return "at least \(range.lowerBound)" }
        if range.lowerBound == .min { return "at most \(range.upperBound)" }
        return "from \(range.lowerBound) to \(range.upperBound)"
    }

    private func notAllowed(_ allowed: [JSONValue], at pointer: JSONPointer, hint: String?) -> JobIssue {
        let message =
            allowed.count == 1
            ? "\(name) is fixed at \(allowed[0].messageText)"
            : "\(name) must be \(String.alternatives(allowed.map(\.messageText)))"
        return JobIssue(
            pointer: pointer.description, code: "not_allowed", message: message, allowed: allowed, hint: hint)
    }

    private func listIssues(_ elements: [JSONValue], at pointer: JSONPointer) -> [JobIssue] {
        var issues: [JobIssue] = []
        if let items, !items.contains(elements.count) {
            let code = elements.count < items.lowerBound ? "too_few" : "too_many"
            let bounds =
                items.lowerBound == items.upperBound
                ? "\(items.lowerBound)" : "\(items.lowerBound) to \(items.upperBound)"
            let message = "\(name) must have \(bounds) elements, not \(elements.count)"
            issues.append(JobIssue(pointer: pointer.description, code: code, message: message))
        }
        // Surplus elements are covered by the issue above.
        for (index, element) in elements.prefix(items?.upperBound ?? .max).enumerated() {
            let elementPointer = pointer.appending(index)
            if case .string(let text) = element {
                issues += [urlIssue(text, at: elementPointer)].compactMap { $0 }
            } else {
                let message = "every element of \(name) must be a URL string, not \(element.kindName)"
                issues.append(
                    JobIssue(pointer: elementPointer.description, code: "wrong_type", message: message))
            }
        }
        return issues
    }

    private func urlIssue(_ text: String, at pointer: JSONPointer) -> JobIssue? {
        if let issue = lengthIssue(text, at: pointer) { return issue }
        // The message does not quote the URL, which may be signed.
        guard let problem = HTTPURLSyntax.problem(in: text) else { return nil }
        let subject = kind == .urlList ? "this element of \(name)" : name
        return JobIssue(pointer: pointer.description, code: "not_a_url", message: "\(subject) \(problem)")
    }

    // MARK: Values of the wrong type

    private func wrongType(_ value: JSONValue, at pointer: JSONPointer, hint: String?) -> JobIssue {
        JobIssue(
            pointer: pointer.description, code: "wrong_type",
            message: "\(name) must be \(kindName), not \(value.kindName)", allowed: listedValues, hint: hint)
    }

    private var kindName: String {
        switch kind {
        case .string: "a string"
        case .integer: "an integer"
        case .boolean: "true or false"
        case .url: "a URL string"
        case .urlList: "an array of URL strings"
        }
    }

    /// Returns a hint for writing the value that was probably intended.
    private func typeHint(_ value: JSONValue) -> String? {
        switch (kind, value) {
        case (.integer, .string(let text)):
            return Int64(text).map { "write \($0) without quotes" }
        case (.integer, .real(let number)):
            return Int64(exactly: number).map { "write \($0)" }
        case (.boolean, .string(let text)):
            return ["true", "false"].contains(text.lowercased())
                ? "write \(text.lowercased()) without quotes" : nil
        case (.boolean, .integer(let number)):
            return [0, 1].contains(number) ? "write \(number == 1)" : nil
        case (.string, .integer), (.string, .real):
            let suggestion = NearestName.find(value.messageText, among: allowed?.compactMap(\.string) ?? [])
            return suggestion.map { "did you mean \"\($0)\"?" } ?? "write it in double quotes"
        case (.urlList, .string): return "write it as an array of one element"
        case (.url, .array): return "write one URL, without the brackets"
        default: return nil
        }
    }
}
