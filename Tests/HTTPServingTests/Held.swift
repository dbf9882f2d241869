/// A value that is passed from one thread to another, used by one at a time.
// @unchecked because the test awaits each user of it before the next.
final class Held<Value>: @unchecked Sendable {
    private var value: Value?
    init(_ value: Value) { self.value = value }
    func drop() { value = nil }
    func use<Result>(_ body: (Value) -> Result) -> Result? { value.map(body) }
}
