export const TRADES_URL = 'ws://127.0.0.1:4301/graphql';
export const PRICES_URL = 'ws://127.0.0.1:4302/graphql';
