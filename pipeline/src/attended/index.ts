/** The door for windows that attend a pipeline: messages and how they travel. Nothing of the pipeline itself. */
export * from './attended-messages.ts';
export { onLines, writeLine } from './json-lines.ts';
