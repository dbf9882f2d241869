@testable import JSONText
@testable import ProviderClient

/// Replies that no strict parser takes: never a trap, never more than the strict parser reads of strict text,
/// and the same again when written anew.
enum LenientProperty {
    private static let strict = JSONLimits(bytes: 4096, depth: 64)

    static func check(_ input: [UInt8]) throws(Finding) {
        let lenient = LenientJSON(input, limits: strict)
        if let value = try? JSONValue(parsing: input, limits: strict), isContainer(value) {
            try promise(lenient?.value == value, "strict text is read as something else")
            try promise(
                lenient?.following == nil && lenient?.isEmbedded == false, "more was found than is there")
        }
        if let lenient {
            try promise(isContainer(lenient.value), "neither an object nor an array")
            try checkDepth(of: lenient.value, 0)
            let text = lenient.value.serialized()
            let again = LenientJSON(text, limits: JSONLimits(bytes: 1 << 20, depth: 64))
            try promise(again?.value == lenient.value, "written anew it is another")
        }
        for id in IdentifierScan.ids(in: input) { try promise(!id.isEmpty && id.utf8.count <= 1024, "an id") }
        let message = ProviderMessage(lenient?.value, text: input).text
        let cleaned = URLRedaction.withoutQueries(message)
        try promise(URLRedaction.withoutQueries(cleaned).utf8.count <= cleaned.utf8.count + 3, "it grows")
    }

    private static func isContainer(_ value: JSONValue) -> Bool { value.object != nil || value.array != nil }

    private static func checkDepth(of value: JSONValue, _ depth: Int) throws(Finding) {
        try promise(depth <= 64, "deeper than the limit")
        for element in value.array ?? [] { try checkDepth(of: element, depth + 1) }
        for member in value.object?.members ?? [] { try checkDepth(of: member.value, depth + 1) }
    }
}
