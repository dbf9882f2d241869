/// The price of one video, or of one second of video, under certain conditions.
package struct ModelPrice: Equatable, Sendable {
    /// The unit that is charged.
    package enum Unit: String, CaseIterable, Sendable { case video, second }

    /// The resolution that the price applies to; `nil` for any.
    package var resolution: String?
    /// Whether the price applies with or without sound; `nil` for both.
    package var audio: Bool?
    /// Millionths of a US dollar: money is never a floating-point number.
    package var microDollars: Int64
    package var unit: Unit

    package init(resolution: String? = nil, audio: Bool? = nil, microDollars: Int64, unit: Unit) {
        self.resolution = resolution
        self.audio = audio
        self.microDollars = microDollars
        self.unit = unit
    }

    /// Parses dollars such as `0.40`: digits and at most six decimals.
    static func microDollars(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
            return nil
        }
        let decimals = parts.count == 2 ? String(parts[1]) : ""
        guard decimals.count <= 6 else { return nil }
        return Int64(parts[0] + decimals + String(repeating: "0", count: 6 - decimals.count))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
