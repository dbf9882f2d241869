/// A local file that could not be read.
struct LocalFileError: Error {
    /// The reason, for the user.
    var message: String
}
