/** The door of the user functions: JavaScript sources in, functions for the engine out. */
export { type FunctionLimits, type FunctionSource, loadUserFunctions, UserFunctionError } from './load-user-functions.ts';
