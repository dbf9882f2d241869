/// A response as a client receives it.
struct HTTP2Reply: Equatable, Sendable {
    var status: Int?
    var body: [UInt8] = []
    /// The code of a reset.
    var code: UInt32?

    var text: String { String(decoding: body, as: UTF8.self) }
}
