@testable import JSONText
@testable import ProviderClient

/// Replies that are no strict JSON: no trap, the same value as the strict parser where that accepts, and a
/// round trip.
enum LenientProperty {
    private static let strict = JSONLimits(bytes: 4096, depth: 64)

    static func check(_ input: [UInt8]) throws(PropertyError) {
        let lenient = LenientJSON(input, limits: strict)
        if let value = try? JSONValue(parsing: input, limits: strict), isContainer(value) {
            try require(lenient?.value == value, "strict text parses to another value")
            try require(
                lenient?.following == nil && lenient?.isEmbedded == false,
                "something was found outside strict text")
        }
        if let lenient {
            try require(isContainer(lenient.value), "neither an object nor an array")
            try checkDepth(of: lenient.value, 0)
            let text = lenient.value.serialized()
            let again = LenientJSON(text, limits: JSONLimits(bytes: 1 << 20, depth: 64))
            try require(again?.value == JSONProperty.rounded(lenient.value), "the written value differs")
        }
        for id in IdentifierScan.ids(in: input) { try require(!id.isEmpty && id.utf8.count <= 1024, "an id") }
        let message = ProviderMessage(lenient?.value, text: input).text
        let cleaned = URLRedaction.withoutQueries(message)
        try require(
            URLRedaction.withoutQueries(cleaned).utf8.count <= cleaned.utf8.count + 3,
            "redacting twice makes the text longer")
    }

    private static func isContainer(_ value: JSONValue) -> Bool { value.object != nil || value.array != nil }

    private static func checkDepth(of value: JSONValue, _ depth: Int) throws(PropertyError) {
        try require(depth <= 64, "deeper than the limit")
        for element in value.array ?? [] { try checkDepth(of: element, depth + 1) }
        for member in value.object?.members ?? [] { try checkDepth(of: member.value, depth + 1) }
    }
}
