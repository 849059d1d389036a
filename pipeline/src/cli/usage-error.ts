/** Wrong usage, or a file or setting that cannot be used: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
