/// An identifier of a registration on one loop; never reused.
package struct RegistrationID: Hashable, Sendable {
    package let value: UInt64

    init(value: UInt64) { self.value = value }

    init(slot: Int, generation: UInt32) { value = UInt64(generation) << 32 | UInt64(UInt32(slot)) }

    var slot: Int { Int(UInt32(truncatingIfNeeded: value)) }
    var generation: UInt32 { UInt32(value >> 32) }
}
