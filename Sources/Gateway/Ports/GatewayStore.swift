/// Everything that one gateway stores.
package typealias GatewayStore = AuditStore & ClientStore & SessionStore & TaskStore & UsageStore
