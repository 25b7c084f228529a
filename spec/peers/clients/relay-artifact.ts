/** The module that relay-compiler makes of a subscription to `trade(id: $id) { id price }`, with another text where a test wants one. */
export function tradeSubscription(text: string) {
  const argumentDefinitions = [{ defaultValue: null, kind: 'LocalArgument', name: 'id' }];
  const scalar = (name: string) => ({
    alias: null,
    args: null,
    kind: 'ScalarField',
    name,
    storageKey: null,
  });
  const selections = [
    {
      alias: null,
      args: [{ kind: 'Variable', name: 'id', variableName: 'id' }],
      concreteType: 'Trade',
      kind: 'LinkedField',
      name: 'trade',
      plural: false,
      selections: [scalar('id'), scalar('price')],
      storageKey: null,
    },
  ];
  const name = /subscription (\w+)/.exec(text)?.[1] ?? '';
  return {
    fragment: {
      argumentDefinitions,
      kind: 'Fragment',
      metadata: null,
      name,
      selections,
      type: 'Subscription',
      abstractKey: null,
    },
    kind: 'Request',
    operation: { argumentDefinitions, kind: 'Operation', name, selections },
    params: {
      cacheID: text,
      id: null,
      metadata: {},
      name,
      operationKind: 'subscription',
      text,
    },
  };
}
