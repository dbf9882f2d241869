/// What each sum of a usage report is about.
package enum UsageGrouping: String, CaseIterable, Sendable { case client, model, day }
