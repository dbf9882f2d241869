/// Thrown inside a transaction when a file of the store was deleted, so that nothing is committed to it.
struct StoreDeletedError: Error {
    let path: String
}
