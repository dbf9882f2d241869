/// Content of an observed response in the output of a session.
struct SentContent {
    let stream: Int32
    /// The bytes of the content, by their offsets in the output.
    let range: Range<Int>
}
