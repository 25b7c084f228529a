/** Numbers of the catalogue that have no row, and where they are looked at. */
export const elsewhere: Readonly<Record<string, string>> = {
  A3: 'nothing on the loopback drops a SYN: spec/chaos, in network namespaces',
  A19: 'api: foreign types are tolerated, so that only the codec can tell: spec/testing/codec-contract.spec.ts',
  A23: 'needs a network with IPv6 that drops: spec/chaos, in network namespaces',
  C14: 'Blob and ArrayBuffer are of browsers: spec/transport/raw-socket.spec.ts',
  C27: 'a subscription that falls silent alone has no deadline yet (`idleTimeout` of the contract)',
  F8: 'load: the slow consumer of the load suite',
  F11: 'load: 10 000 operations in the load suite; spec/integration/many-operations.spec.ts',
  F15: 'there is no AbortSignal in the API: unsubscribing is it',
  F16: 'Angular: the entry ./angular, with its own tests',
  F20: 'two copies of rxjs need no process: spec/transport/resolve.spec.ts',
  G2: 'renewal (`renewWhen`) has its own tests: it is not a fault',
};
