/** A mistake in the command line, or in a file that it names. Its message repeats no value that may be secret. */
export class UsageError extends Error {}
