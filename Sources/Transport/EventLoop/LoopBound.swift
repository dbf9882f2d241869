/// A loop-confined value that may be passed to other threads, but accessed only on its loop.
// @unchecked because each access traps unless it happens on the loop that owns the value.
package final class LoopBound<Value>: @unchecked Sendable {
    private let held: Value
    private let loop: EventLoop

    /// Wraps a value that must not be accessed elsewhere through another reference.
    package init(_ value: Value, on loop: EventLoop) {
        held = value
        self.loop = loop
    }

    /// The value. Traps outside its loop.
    package var value: Value {
        precondition(loop.isCurrent, "accessed outside its event loop")
        return held
    }
}
