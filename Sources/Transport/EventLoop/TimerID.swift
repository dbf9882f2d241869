/// An identifier of a timer on one loop; never reused.
package struct TimerID: Hashable, Sendable { package let value: UInt64 }
