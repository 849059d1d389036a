// The single copy of what a dashboard page and its host say to each other. Imports nothing.
export { isHostMessage, isPageMessage, protocolVersionOf } from './guards.ts';
export * from './messages.ts';
export * from './ranges.ts';
export * from './sections.ts';
