/** What stops a job: a failure of a query on the data, or a checkpoint that does not fit. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
