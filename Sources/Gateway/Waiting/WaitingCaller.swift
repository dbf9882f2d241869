/// A caller that waits: who it was when it began, and how to find out whether it still may see what it waits
/// for.
package struct WaitingCaller: Sendable {
    package let caller: Caller
    /// Returns the caller as the present tokens have it; `nil` if it has lost its access.
    package let current: @Sendable () -> Caller?

    package init(_ caller: Caller, current: @escaping @Sendable () -> Caller?) {
        self.caller = caller
        self.current = current
    }
}
