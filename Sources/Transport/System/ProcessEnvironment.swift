internal import CLinux

/// The environment variables of the process.
package enum ProcessEnvironment {
    /// Removes a variable, also from `/proc/PID/environ`: its bytes are overwritten. Child processes do not
    /// inherit it. No other thread may use the environment meanwhile.
    package static func erase(_ name: String) { unsafe linux_erase_variable(name) }
}
