/** Numbers of the catalogue that have no row, and where they are looked at. */
export const elsewhere: Readonly<Record<string, string>> = {
  A3: 'nothing on the loopback drops a SYN: spec/chaos/resumes.ts, with a connectTimeout of 2 s in a black hole',
  A23: 'not looked at: the choice of an address is of Node (autoSelectFamily), within connectTimeout, which A4 and A5 show',
  C14: 'Blob and ArrayBuffer are of browsers: spec/transport/web-socket.leave.spec.ts, spec/transport/web-socket.spec.ts, spec/browser/frames.browser.ts',
  C27: 'a subscription that falls silent alone has no deadline yet (`idleTimeout`)',
  F8: 'spec/load/scenarios/slow-consumer.ts',
  F11: 'spec/load/scenarios/operations.ts, with 10 000 of them; spec/integration/many-operations.spec.ts',
  F15: 'there is no AbortSignal in the API: unsubscribing is it',
  F16: 'Angular: there is no entry for it yet',
  F20: 'two copies of rxjs need no process: spec/transport/resolve-options.spec.ts',
  G2: 'there is no renewal yet',
};
