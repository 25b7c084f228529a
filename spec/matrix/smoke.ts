import type { Lane } from './lanes.js';

const imports = {
  'rx-graphql-ws': 'graphqlSocket',
  'rx-graphql-ws/recovery': 'recover, isGap',
  rxjs: 'filter, firstValueFrom, lastValueFrom, takeWhile, toArray',
};

const forms = {
  esm: (names: string, from: string) => `import { ${names} } from '${from}';`,
  cjs: (names: string, from: string) => `const { ${names} } = require('${from}');`,
};

const body = `
const query = 'query Trades { trades { number } }';

async function converse(url, protocol) {
  const socket = graphqlSocket({ url, webSocketImpl, retry: { delay: 20 } });
  const connected = [];
  const states = lastValueFrom(socket.status$.pipe(toArray()));
  socket.status$
    .pipe(filter(({ state }) => state === 'connected'))
    .subscribe(({ subprotocol }) => connected.push(subprotocol));
  const more = (variables) => socket.query$({ query, variables });
  // the server drops the first socket while this runs
  let since = 0;
  const rows = await lastValueFrom(
    recover(socket, 'subscription Trades { trades { number } }', {
      rows: ({ trades }) => trades,
      key: ({ number }) => number,
      backfill: ({ last, first }) => last && more({ from: last.number, ...(first && { to: first.number }) }),
    }).pipe(
      takeWhile(() => connected.length < 2 || (since += 1) < 20),
      toArray(),
    ),
  );
  expect(rows.filter(isGap), []);
  expect(rows.map(({ number }) => number), rows.map((_, index) => rows[0].number + index));
  expect(await firstValueFrom(more({ from: 1, to: 3 })), { trades: [1, 2, 3].map((number) => ({ number })) });
  socket.close();
  expect((await states).at(-1).state, 'closed');
  expect(connected, [protocol, protocol]);
}

function expect(actual, wanted) {
  if (JSON.stringify(actual) === JSON.stringify(wanted)) return;
  throw new Error('expected ' + JSON.stringify(wanted) + ', got ' + JSON.stringify(actual));
}

async function smoke() {
  for (const [protocol, url] of Object.entries(urls)) await converse(url, protocol);
  console.log('ok');
}
`;

/** A program that subscribes over each protocol, loses a connection, misses no row, and prints `ok`. */
export function smokeProgram(
  { modules, webSocket, bundler, runtime }: Lane,
  urls: Readonly<Record<string, string>>,
): string {
  const isGiven = webSocket === 'global' && bundler === undefined;
  return [
    ...Object.entries(imports).map(([from, names]) => forms[modules](names, from)),
    `const urls = ${JSON.stringify(urls)};`,
    `const webSocketImpl = ${isGiven ? 'WebSocket' : 'undefined'};`,
    body,
    // nothing stands in for the failure of a promise here: each runtime must report it
    runtime === 'workerd' ? 'export default { test: () => smoke() };' : 'void smoke();',
  ].join('\n');
}
