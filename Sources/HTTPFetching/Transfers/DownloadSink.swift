/// The receiver of a download: the head of a successful response, then its body piece by piece.
///
/// The calls are serial and may block. One that throws ends the transfer with `.stoppedBySink`.
package struct DownloadSink: Sendable {
    /// Receives the head, without a body, before the first piece. Not called for an empty body.
    package var begin: @Sendable (FetchResponse) throws -> Void = { _ in }
    /// Returns at most so many of the last bytes that the receiver already has, which a 206 continues.
    package var preceding: @Sendable (Int) -> [UInt8] = { _ in [] }
    /// Receives the next piece.
    package var append: @Sendable ([UInt8]) throws -> Void

    package init(_ append: @escaping @Sendable ([UInt8]) throws -> Void) { self.append = append }
}
