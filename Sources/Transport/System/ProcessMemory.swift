internal import CLinux

/// Memory settings of the process.
package enum ProcessMemory {
    /// Returns free memory of the heap to the system, and pages of code and constants, which the kernel
    /// counts as resident. These are loaded again on use.
    package static func releaseUnused() {
        linux_return_heap()
        linux_return_file_pages()
    }

    /// Disables core dumps, the runtime's crash backtraces and reading by other processes of the user: the
    /// memory holds the API key.
    package static func disableCoreDumps() throws(SystemError) {
        try systemCall("prctl") { Int(linux_forbid_dumps()) }
    }
}
