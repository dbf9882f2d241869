/// The content of a response that becomes available part by part, with an end that nobody knows beforehand.
///
/// Called while nghttp2 writes: must not call the session.
package protocol StreamedContent: AnyObject {
    /// Makes the next bytes ready to be read, at most `limit`. After `.pending` it is called again
    /// when the session resumes the stream.
    func prepare(upTo limit: Int) -> StreamedContentState

    /// Appends `count` of the bytes that were prepared.
    func read(_ count: Int, into out: inout [UInt8])
}
