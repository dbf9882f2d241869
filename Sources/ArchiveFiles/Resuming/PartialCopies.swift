import Gateway
import Synchronization
import Transport
import VideoJobs

/// The interrupted downloads that are kept to be continued, bounded in number and bytes.
///
/// One for each artifact. A download that is continued is taken out, so that nothing removes its file.
final class PartialCopies: Sendable {
    private struct Kept {
        var temporaryPath: String
        var bytes: Int64
        /// Open, if it was interrupted in this process.
        var incoming: IncomingArtifact?
    }

    /// Interrupted downloads with an open file; the files of further ones are read again.
    private static let openMax = 64

    private let settings: ArchiveSettings
    private let layout: ArchiveLayout
    private let kept = Mutex<[ArtifactID: Kept]>([:])
    /// The tasks whose files of an earlier process are kept; `nil` before it is known.
    private let wanted = Mutex<Set<TaskID>?>(nil)

    init(_ layout: ArchiveLayout, _ settings: ArchiveSettings) {
        (self.layout, self.settings) = (layout, settings)
    }

    /// Returns the interrupted download of an artifact, to continue it; `nil` if there is none that can be
    /// used. Blocks.
    func take(_ artifact: ArtifactID, to path: String) -> IncomingArtifact? {
        guard let found = kept.withLock({ $0.removeValue(forKey: artifact) }) else { return nil }
        if let incoming = found.incoming { return incoming }
        if let partial = try? PartialFile.open(found.temporaryPath, to: path) {
            return IncomingArtifact(partial, settings: settings)
        }
        Self.remove(found)
        return nil
    }

    /// Keeps an interrupted download, and removes others beyond the limits. Blocks.
    func keep(_ incoming: IncomingArtifact, of artifact: ArtifactID) {
        guard let path = incoming.temporaryPath else { return }
        insert(
            Kept(temporaryPath: path, bytes: incoming.bytes, incoming: incoming), of: artifact)
    }

    /// Removes the interrupted download of an artifact. Blocks.
    func discard(_ artifact: ArtifactID) {
        if let found = kept.withLock({ $0.removeValue(forKey: artifact) }) { Self.remove(found) }
    }

    /// Removes the interrupted downloads of a task. Blocks.
    func discard(of task: TaskID) {
        for artifact in kept.withLock({ $0.keys.filter { $0.task == task } }) { discard(artifact) }
    }

    /// Removes the interrupted downloads of all other tasks, also those that are found later. Blocks.
    func discard(exceptOf tasks: Set<TaskID>) {
        wanted.withLock { $0 = tasks }
        for artifact in kept.withLock({ $0.keys.filter { !tasks.contains($0.task) } }) { discard(artifact) }
    }

    /// Finds the files of an earlier process, and removes those that cannot be continued. Blocks.
    func findLeftovers() {
        for folder in ((try? layout.shards()) ?? []) + [layout.root] {
            let names = Set((try? FileSystem.names(in: folder)) ?? [])
            for name in names.sorted() { findLeftover(name, in: folder, among: names) }
        }
    }

    private func findLeftover(_ name: String, in folder: String, among names: Set<String>) {
        let path = "\(folder)/\(name)"
        if name.hasSuffix(DurableFile.temporarySuffix + PartialLog.suffix) {
            let file = String(name.dropLast(PartialLog.suffix.count))
            // A file that cannot be removed now is removed at the next start.
            if !names.contains(file) { _ = try? FileSystem.remove(path) }
        } else if name.hasSuffix(DurableFile.temporarySuffix) {
            let found = Kept(temporaryPath: path, bytes: (try? FileSystem.size(of: path)) ?? 0)
            if let artifact = ArchiveLayout.artifact(ofUnfinished: name),
                names.contains(name + PartialLog.suffix),
                wanted.withLock({ $0?.contains(artifact.task) ?? true })
            {
                insert(found, of: artifact)
            } else {
                Self.remove(found)
            }
        }
    }

    /// Keeps the longer one of two for an artifact, and what the limits allow.
    private func insert(_ new: Kept, of artifact: ArtifactID) {
        let removed: [Kept] = kept.withLock { kept in
            var removed: [Kept] = []
            if let old = kept[artifact], old.bytes > new.bytes {
                removed.append(new)
            } else if let old = kept.updateValue(new, forKey: artifact) {
                removed.append(old)
            }
            removed += removeExcess(from: &kept, besides: artifact)
            return removed
        }
        for one in removed { Self.remove(one) }
    }

    private func removeExcess(from kept: inout [ArtifactID: Kept], besides new: ArtifactID) -> [Kept] {
        var bytes = kept.values.reduce(0) { $0 + $1.bytes }
        var open = kept.values.count { $0.incoming != nil }
        guard kept.count > settings.partialsMax || bytes > settings.partialsBytesMax || open > Self.openMax
        else { return [] }
        var removed: [Kept] = []
        // Task ids begin with the second of their admission.
        for artifact in kept.keys.sorted(by: { $0.task.text < $1.task.text }) where artifact != new {
            if kept.count > settings.partialsMax || bytes > settings.partialsBytesMax {
                guard let one = kept.removeValue(forKey: artifact) else { continue }
                bytes -= one.bytes
                if one.incoming != nil { open -= 1 }
                removed.append(one)
            } else if open > Self.openMax, kept[artifact]?.incoming != nil {
                kept[artifact]?.incoming = nil
                open -= 1
            }
        }
        return removed
    }

    private static func remove(_ one: Kept) {
        if let incoming = one.incoming { return incoming.discard() }
        _ = try? FileSystem.remove(one.temporaryPath)
        PartialLog.remove(of: one.temporaryPath)
    }
}
