/// A range of bytes of a file, by its path.
struct FileRange {
    let path: String
    let offset: Int64
    let length: Int64
}
