/** The door of the language server. */
export { type StepGraphAnswer, stepGraphRequest } from './handlers/step-graph.ts';
export { type DocumentProject, hostWithoutProjects, type LanguageServerHost } from './host.ts';
export { serve } from './serve.ts';
export { type Settings, settingsFrom, settingsSection } from './settings.ts';
export { startLanguageServer } from './start-language-server.ts';
