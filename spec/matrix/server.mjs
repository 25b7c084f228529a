// A server for each protocol, which drops its first socket. At the end of the standard input it judges its clients.
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';

const protocols = ['graphql-transport-ws', 'graphql-ws'];

async function serve(protocol) {
  const server = await graphqlTestServer({
    subprotocols: [protocol],
    feed: { every: 5, field: 'trades' },
  });
  void server.ledger.until('started').then(async () => {
    await delay(100);
    server.drop();
  });
  return server;
}

const servers = await Promise.all(protocols.map(serve));
console.log(
  JSON.stringify(Object.fromEntries(servers.map(({ url }, index) => [protocols[index], url]))),
);

process.stdin.resume().once('end', async () => {
  for (const [index, { ledger, stop }] of servers.entries()) {
    for (let tries = 0; ledger.sockets.length > 0 && tries < 100; tries += 1) await delay(20);
    const seen = {
      opened: ledger.opened.length,
      open: ledger.sockets.length,
      operations: ledger.operations.length,
      code: ledger.closed.at(-1)?.code,
    };
    const wanted = { opened: 2, open: 0, operations: 0, code: 1000 };
    if (!isDeepStrictEqual(seen, wanted)) {
      console.error(`the server of ${protocols[index]} expected`, wanted, 'got', seen);
      process.exitCode = 1;
    }
    await stop();
  }
});
