import JSONText

extension JobParameter {
    /// Everything that is wrong with a value of this parameter.
    func faults(in value: JSONValue, at place: JSONPointer) -> [JobIssue] {
        switch (kind, value) {
        case (_, .null):
            guard !isNullable else { return [] }
            return [wrongType(value, at: place, hint: isRequired ? nil : "leave it out instead")]
        case (.string, .string(let text)): return [textFault(text, at: place)].compactMap { $0 }
        case (.integer, .integer(let number)): return [numberFault(number, at: place)].compactMap { $0 }
        case (.integer, .real(let number)) where abs(number) >= 0x1p63:
            return [outOfRange(value, at: place)]
        case (.boolean, .bool): return []
        case (.url, .string(let text)): return [urlFault(text, at: place)].compactMap { $0 }
        case (.urlList, .array(let elements)): return listFaults(elements, at: place)
        case (.string, _), (.integer, _), (.boolean, _), (.url, _), (.urlList, _):
            return [wrongType(value, at: place, hint: typeHint(value))]
        }
    }

    // MARK: Values of the right type

    private func textFault(_ text: String, at place: JSONPointer) -> JobIssue? {
        if isRequired, text.unicodeScalars.allSatisfy(BlankText.isBlank) {
            let message = text.isEmpty ? "\(name) must not be empty" : "\(name) must not be only white space"
            return JobIssue(pointer: place.description, code: "empty", message: message)
        }
        if let fault = lengthFault(text, at: place) { return fault }
        guard let allowed, !allowed.contains(where: { $0.isIdentical(to: .string(text)) }) else { return nil }
        let meant = NearestName.find(text, among: allowed.compactMap(\.string))
        return notAllowed(allowed, at: place, hint: meant.map { "did you mean \($0)?" })
    }

    private func lengthFault(_ text: String, at place: JSONPointer) -> JobIssue? {
        guard let lengthMax, text.unicodeScalars.count > lengthMax else { return nil }
        let message = "\(name) has \(text.unicodeScalars.count) characters; at most \(lengthMax) are accepted"
        return JobIssue(pointer: place.description, code: "too_long", message: message)
    }

    private func numberFault(_ number: Int64, at place: JSONPointer) -> JobIssue? {
        let value = JSONValue.integer(number)
        if let allowed, !allowed.contains(value) { return notAllowed(allowed, at: place, hint: nil) }
        return integers.contains(number) ? nil : outOfRange(value, at: place)
    }

    private func outOfRange(_ value: JSONValue, at place: JSONPointer) -> JobIssue {
        if let allowed { return notAllowed(allowed, at: place, hint: nil) }
        let message = "\(name) must be \(bounds(of: integers)), not \(value.word)"
        return JobIssue(
            pointer: place.description, code: "out_of_range", message: message, allowed: listedValues)
    }

    /// An open end is an extreme of the type.
    private func bounds(of range: ClosedRange<Int64>) -> String {
        if range == .min ... .max { return "an integer of 64 bits" }
        if range.upperBound == .max { return "at least \(range.lowerBound)" }
        if range.lowerBound == .min { return "at most \(range.upperBound)" }
        return "from \(range.lowerBound) to \(range.upperBound)"
    }

    private func notAllowed(_ allowed: [JSONValue], at place: JSONPointer, hint: String?) -> JobIssue {
        let message =
            allowed.count == 1
            ? "\(name) is fixed at \(allowed[0].word)"
            : "\(name) must be \(JobIssue.choice(of: allowed.map(\.word)))"
        return JobIssue(
            pointer: place.description, code: "not_allowed", message: message, allowed: allowed, hint: hint)
    }

    private func listFaults(_ elements: [JSONValue], at place: JSONPointer) -> [JobIssue] {
        var faults: [JobIssue] = []
        if let items, !items.contains(elements.count) {
            let code = elements.count < items.lowerBound ? "too_few" : "too_many"
            let bounds =
                items.lowerBound == items.upperBound
                ? "\(items.lowerBound)" : "\(items.lowerBound) to \(items.upperBound)"
            let message = "\(name) must have \(bounds) elements, not \(elements.count)"
            faults.append(JobIssue(pointer: place.description, code: code, message: message))
        }
        // The elements beyond the limit have to go anyway.
        for (index, element) in elements.prefix(items?.upperBound ?? .max).enumerated() {
            let here = place.appending(index)
            if case .string(let text) = element {
                faults += [urlFault(text, at: here)].compactMap { $0 }
            } else {
                let message = "every element of \(name) must be a URL string, not \(element.kindName)"
                faults.append(JobIssue(pointer: here.description, code: "wrong_type", message: message))
            }
        }
        return faults
    }

    private func urlFault(_ text: String, at place: JSONPointer) -> JobIssue? {
        if let fault = lengthFault(text, at: place) { return fault }
        // The message never quotes the URL: it may be signed.
        guard let reason = WebAddress.fault(in: text) else { return nil }
        let subject = kind == .urlList ? "this element of \(name)" : name
        return JobIssue(pointer: place.description, code: "not_a_url", message: "\(subject) \(reason)")
    }

    // MARK: Values of the wrong type

    private func wrongType(_ value: JSONValue, at place: JSONPointer, hint: String?) -> JobIssue {
        JobIssue(
            pointer: place.description, code: "wrong_type",
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

    /// How to write what was probably meant.
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
            let meant = NearestName.find(value.word, among: allowed?.compactMap(\.string) ?? [])
            return meant.map { "did you mean \"\($0)\"?" } ?? "write it in double quotes"
        case (.urlList, .string): return "write it as an array of one element"
        case (.url, .array): return "write one URL, without the brackets"
        default: return nil
        }
    }
}

extension JobIssue {
    /// `a`, `a or b`, `a, b or c`.
    static func choice(of message: [String]) -> String {
        guard message.count > 1, let last = message.last else { return message.first ?? "" }
        return message.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension JSONValue {
    /// What a message calls such a value.
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .real: "a decimal number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
