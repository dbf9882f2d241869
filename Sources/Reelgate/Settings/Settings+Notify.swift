import Gateway
import JSONText

extension Settings {
    /// An entry of `notify`: a receiver of notices. Contains no URL, which is a secret.
    struct Receiver: Equatable, Sendable {
        /// A file with the URL.
        var urlFile = ""
        /// The name of a preset, or a file.
        var template = ""
        var events = NoticeEvent.allCases
    }

    mutating func readReceivers(_ section: inout SettingsSection) {
        var receivers: [Receiver] = []
        let isPresent = section.sections("notify") { entry in
            var receiver = Receiver()
            receiver.read(&entry)
            receivers.append(receiver)
        }
        guard isPresent else { return }
        notify = receivers
        if receivers.count > NewNotice.perEventMax {
            section.addIssue("notify has \(receivers.count) entries; \(NewNotice.perEventMax) are the most")
        }
    }
}

extension Settings.Receiver {
    fileprivate mutating func read(_ entry: inout SettingsSection) {
        entry.read("url_file", .text, into: &urlFile)
        entry.read("template", .text, into: &template)
        let isComplete = entry.readList("on", .choice, into: &events)
        if urlFile.isEmpty {
            entry.addIssue("url_file is missing", remedy: "name a file that contains only the URL")
        }
        if template.isEmpty {
            entry.addIssue("template is missing", remedy: "write slack, discord, ntfy, or the name of a file")
        }
        if events.isEmpty, isComplete {
            entry.addIssue("on is empty, so nothing is reported", remedy: "remove the entry")
        }
    }
}
