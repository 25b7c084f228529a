/** A stream that says nothing until it is ended. No generator, because one that waits for ever cannot be ended. */
export function silence(onEnd: () => unknown) {
  const done = { done: true as const, value: undefined };
  let end: ((result: typeof done) => void) | undefined;
  return {
    next: () => new Promise<typeof done>((resolve) => (end = resolve)),
    return() {
      onEnd();
      end?.(done);
      return Promise.resolve(done);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
