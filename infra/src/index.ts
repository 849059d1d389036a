/** What other rooms may know of the infrastructure. */
export { type Environment, environments } from './compiled-files.ts';
