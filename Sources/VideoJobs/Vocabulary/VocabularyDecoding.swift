import JSONText

/// Reads what a catalog says of the provider's words. It adds to what is built in.
struct VocabularyDecoding {
    private let top: CatalogSection

    /// The keys of a catalog that are read here.
    static let keys = ["statuses", "quota_codes"]

    init(_ top: CatalogSection) { self.top = top }

    func vocabulary(_ list: inout CatalogIssueList) -> ProviderVocabulary {
        ProviderVocabulary.standard.adding(statuses: statuses(&list), quotaCodes: quotaCodes(&list))
    }

    private func statuses(_ list: inout CatalogIssueList) -> [String: ProviderReport.Status] {
        guard let written = top.object["statuses"], written != .null else { return [:] }
        let place = top.place.appending("statuses")
        let names = ProviderVocabulary.message.map(\.name)
        guard let section = list.section(written, at: place, keys: names) else { return [:] }
        var found: [String: ProviderReport.Status] = [:]
        for (name, word) in ProviderVocabulary.message {
            for (index, text) in message(name, of: section, &list) {
                let here = place.appending(name).appending(index)
                let known = found.first {
                    ProviderVocabulary.normalized($0.key) == ProviderVocabulary.normalized(text)
                }
                if known != nil { list.add(here, "\(text.shortened) stands here for the second time") }
                let own = ProviderVocabulary.message.first {
                    ProviderVocabulary.normalized(text) == $0.name && $0.name != name
                }
                if let own { list.add(here, "\(own.name) is a word of its own and cannot mean \(name)") }
                found[text] = word
            }
        }
        return found
    }

    private func quotaCodes(_ list: inout CatalogIssueList) -> [String] {
        message("quota_codes", of: top, &list).map(\.text)
    }

    private func message(
        _ key: String, of section: CatalogSection, _ list: inout CatalogIssueList
    ) -> [(index: Int, text: String)] {
        var message: [(index: Int, text: String)] = []
        for (index, value) in (section.array(key, &list) ?? []).enumerated() {
            if let text = value.string, !ProviderVocabulary.normalized(text).isEmpty {
                message.append((index, text))
            } else {
                let place = section.place.appending(key).appending(index)
                list.add(place, "a word is expected here (numbers in quotes)")
            }
        }
        return message
    }
}
