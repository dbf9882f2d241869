/// A seeded random number generator: SplitMix64.
struct SimulatedRandomness: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Returns random lower-case letters and digits.
    mutating func identifier(_ length: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let letters = (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices, using: &self)] }
        return String(decoding: letters, as: UTF8.self)
    }
}
