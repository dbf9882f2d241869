/// An open file that a response is sent from.
///
/// Its owner closes the descriptor when it is released, which happens when the response has ended, sent or
/// not. A response in progress is completed although the file is removed meanwhile.
package struct BodyFile: Sendable {
    package let fileDescriptor: Int32
    /// The size when the file was opened, in bytes.
    package let size: Int64
    private let owner: any AnyObject & Sendable

    /// Makes a body of a file that `owner` keeps open for as long as it exists.
    package init(fileDescriptor: Int32, size: Int64, owner: any AnyObject & Sendable) {
        self.fileDescriptor = fileDescriptor
        self.size = size
        self.owner = owner
    }
}
