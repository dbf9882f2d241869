import JSONText
import TestSupport

extension JSONValue {
    /// Returns a random value of at most five levels.
    static func random(using random: inout SeededRandom, depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 8 : 5), using: &random) {
        case 0: return .bool(.random(using: &random))
        case 1: return .integer(.random(in: .min ... .max, using: &random))
        case 2:
            let real = Double(bitPattern: random.next())
            return .real(real.isFinite && Int64(exactly: real) == nil ? real : 0.5)
        case 3: return .null
        case 4: return .string(text(using: &random))
        case 5: return .array((0..<3).map { _ in self.random(using: &random, depth: depth + 1) })
        default:
            var object = JSONObject()
            for _ in 0..<3 { object[text(using: &random)] = self.random(using: &random, depth: depth + 1) }
            return .object(object)
        }
    }

    private static func text(using random: inout SeededRandom) -> String {
        let scalars: [ClosedRange<UInt32>] = [1...0x1F, 0x20...0x7F, 0x80...0xD7FF, 0xE000...0x10FFFF]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            let range = scalars.randomElement(using: &random) ?? 0x20...0x7F
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }
}
