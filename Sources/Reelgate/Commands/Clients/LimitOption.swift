/// The value of an option that sets a limit: a number from 1, or `none`.
enum LimitOption: Equatable, Sendable {
    case none
    case limit(Int64)

    /// The gateway's largest limit.
    private static let limitMax: Int64 = 1_000_000_000

    init?(argument: String) {
        if argument == "none" {
            self = .none
        } else if let number = Int64(argument), (1...Self.limitMax).contains(number) {
            self = .limit(number)
        } else {
            return nil
        }
    }
}
