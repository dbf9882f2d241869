/// Marks work that a read caused, directly or indirectly.
enum ReaderContext {
    @TaskLocal static var isActive = false
}
