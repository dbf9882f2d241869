import TestSupport

extension SeededRandom {
    /// Replaces, inserts, removes or repeats bytes at a random offset.
    mutating func change(_ bytes: inout [UInt8]) {
        let offset = Int.random(in: 0..<bytes.count, using: &self)
        switch Int.random(in: 0..<4, using: &self) {
        case 0: bytes[offset] = UInt8.random(in: 0...255, using: &self)
        case 1: bytes.insert(UInt8.random(in: 32...126, using: &self), at: offset)
        case 2: bytes.removeSubrange(offset..<min(bytes.count, offset + Int.random(in: 1...9, using: &self)))
        default: bytes.insert(contentsOf: bytes[offset..<min(bytes.count, offset + 20)], at: offset)
        }
        if bytes.isEmpty { bytes = [0x7B] }
    }
}
