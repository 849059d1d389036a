// The single copy of what a dashboard page and its host say to each other. Imports nothing.
export { isHostMessage, isPageMessage, isPreviewPageMessage, protocolVersionOf } from './guards.ts';
export * from './messages.ts';
export type * from './preview.ts';
export * from './ranges.ts';
export * from './sections.ts';
