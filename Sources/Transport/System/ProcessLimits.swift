internal import CLinux

/// Resource limits of the process.
package enum ProcessLimits {
    /// The limit of open files.
    package static var fileLimit: Int { raiseFileLimit(to: 0) }

    /// Raises the limit of open files to `wanted`, or as far as permitted. Returns the resulting limit.
    /// Nothing here uses select(2), which is limited to 1024 descriptors.
    package static func raiseFileLimit(to wanted: Int) -> Int {
        let allowed = Int(linux_raise_descriptors(Int64(wanted)))
        // getrlimit(2) cannot fail here; 1024 is a conservative default.
        return allowed > 0 ? allowed : 1024
    }
}
