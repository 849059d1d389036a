/** The door for programs that have no Node, such as a worker of a browser. */
export { hostWithoutProjects, type LanguageServerHost } from './host.ts';
export { serve } from './serve.ts';
