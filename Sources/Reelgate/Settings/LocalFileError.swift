/// A local file that could not be read.
struct LocalFileError: Error {
    /// The reason, for the user.
    var message: String
    /// What to do about it, if that is not obvious.
    var remedy: String?
}
