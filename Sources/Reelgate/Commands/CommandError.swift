import ArgumentParser

/// The failure of a command: one line for the error, one for the remedy.
struct CommandError: Error, Equatable, CustomStringConvertible {
    var what: String
    var remedy: String?
    var status: ExitStatus

    init(_ what: String, remedy: String? = nil, status: ExitStatus = .failed) {
        self.what = what
        self.remedy = remedy
        self.status = status
    }

    var description: String { ([what] + [remedy].compactMap { $0 }).joined(separator: "\n") }
}

extension CommandError {
    /// Returns the text and exit status for a command's error. Help requests have the status `done`.
    static func status(of error: any Error) -> (text: String, status: ExitStatus) {
        switch error {
        case let failure as CommandError:
            return ("reelgate: \(failure)", failure.status)
        case let failure as SettingsError:
            return (failure.description, .failed)
        default:
            let text = Reelgate.fullMessage(for: error)
            switch Reelgate.exitCode(for: error) {
            case .success: return (text, .done)
            case .validationFailure: return (text, .wrongUsage)
            default: return (text, .failed)
            }
        }
    }
}
