internal import CLinux

/// Memory settings of the process.
package enum ProcessMemory {
    /// Releases pages of code and constants that only the start needed; the kernel counts them as resident.
    /// They are loaded again on use.
    package static func releaseFilePages() { linux_return_file_pages() }

    /// Disables core dumps, the runtime's crash backtraces and reading by other processes of the user: the
    /// memory holds the API key.
    package static func disableCoreDumps() throws(SystemError) {
        try systemCall("prctl") { Int(linux_forbid_dumps()) }
    }
}
