import JSONText

/// Decodes the vocabulary of a catalog, which extends the built-in one.
struct VocabularyDecoder {
    private let top: CatalogSection

    /// The keys of a catalog that belong to the vocabulary.
    static let keys = ["statuses", "quota_codes"]

    init(_ top: CatalogSection) { self.top = top }

    func vocabulary(_ list: inout CatalogIssueList) -> ProviderVocabulary {
        ProviderVocabulary.standard.adding(statuses: statuses(&list), quotaCodes: quotaCodes(&list))
    }

    private func statuses(_ list: inout CatalogIssueList) -> [String: ProviderReport.Status] {
        guard let value = top.object["statuses"], value != .null else { return [:] }
        let pointer = top.pointer.appending("statuses")
        let names = ProviderVocabulary.contractStatuses.map(\.name)
        guard let section = list.section(value, at: pointer, keys: names) else { return [:] }
        var found: [String: ProviderReport.Status] = [:]
        for (name, status) in ProviderVocabulary.contractStatuses {
            for (index, text) in synonyms(name, of: section, &list) {
                let synonymPointer = pointer.appending(name).appending(index)
                let isDuplicate = found.keys.contains {
                    ProviderVocabulary.normalized($0) == ProviderVocabulary.normalized(text)
                }
                if isDuplicate { list.add(synonymPointer, "duplicate status \(text.shortened)") }
                let reserved = ProviderVocabulary.contractStatuses.first {
                    ProviderVocabulary.normalized(text) == $0.name && $0.name != name
                }
                if let reserved {
                    list.add(
                        synonymPointer,
                        "\(reserved.name) is a status itself and cannot be a synonym of \(name)")
                }
                found[text] = status
            }
        }
        return found
    }

    private func quotaCodes(_ list: inout CatalogIssueList) -> [String] {
        synonyms("quota_codes", of: top, &list).map(\.text)
    }

    /// Returns the non-empty strings of a list with their indexes.
    private func synonyms(
        _ key: String, of section: CatalogSection, _ list: inout CatalogIssueList
    ) -> [(index: Int, text: String)] {
        var synonyms: [(index: Int, text: String)] = []
        for (index, value) in (section.array(key, &list) ?? []).enumerated() {
            if let text = value.string, !ProviderVocabulary.normalized(text).isEmpty {
                synonyms.append((index, text))
            } else {
                let pointer = section.pointer.appending(key).appending(index)
                list.add(pointer, "expected a non-empty string (put numbers in quotes)")
            }
        }
        return synonyms
    }
}
