import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { EMPTY } from 'rxjs';
import { graphqlTestServer, type GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../../helpers/rejection.js';
import { useServer } from '../../helpers/use-server.js';

const refusalOf = (options: unknown) =>
  failureOf(graphqlTestServer(options as GraphQLTestServerOptions));

describe('graphqlTestServer options', () => {
  const serve = useServer();
  const [every, port, tls] = ['milliseconds ≥ 0.01', 'an integer from 0', 'to be an object with'];
  const [start, latency] = ['`feed.start` to be an instant, in ms', 'or the least and the most'];

  for (const [name, nearest] of Object.entries({
    ...{ handler: 'handle', Handle: 'handle', hanlde: 'handle', handel: 'handle', hst: 'host' },
    ...{ hoost: 'host', hostname: 'host', init: 'initTimeout', keepalive: 'keepAlive', tl: 'tls' },
    ...{ keepAliveMesage: 'keepAliveMessage', innitTimout: 'initTimeout' },
  }))
    it(`are refused with ${name}, which is near ${nearest}`, async () => {
      const message = `unknown option \`${name}\`: did you mean \`${nearest}\`?`;
      expect(await refusalOf({ [name]: 1 })).to.have.property('message', message);
    });

  for (const name of ['schema', 'onSubscribe', 'path', 'ws', 'h', '', 'toString'])
    it(`are refused with "${name}", which is near none`, async () => {
      const error = (await refusalOf({ [name]: 1 })) as Error;
      expect(error.message).to.contain(`unknown option \`${name}\`: there are `);
    });

  for (const [options, message] of [
    [{ handler: () => EMPTY }, 'unknown option `handler`: did you mean `handle`?'],
    [
      { ackDelay: '5s' },
      '`ackDelay` to be a number of milliseconds ≥ 0 or false, got "5s" (string)',
    ],
    [{ initTimeout: -1 }, '`initTimeout` to be a number of milliseconds ≥ 0 or false'],
    [{ keepAlive: 0 }, '`keepAlive` to be a number of milliseconds > 0 or false'],
    [{ keepAlive: 'often' }, '`keepAlive` to be a number of milliseconds > 0 or false'],
    [{ keepAliveMessage: 'ka' }, "`keepAliveMessage` to be 'ping' or 'pong', got"],
    [{ handle: [] }, '`handle` to be a function, got array'],
    [{ script: 'x' }, '`script` to be a function'],
    [{ authorize: true }, '`authorize` to be a function'],
    [{ connect: null }, '`connect` to be a function, got null'],
    [{ subprotocols: 'graphql-ws' }, '`subprotocols` to be a function or a list of names'],
    [{ subprotocols: [1] }, '`subprotocols` to be a function or a list of names'],
    [{ fallback: 'a' }, "`fallback` to be 'graphql-transport-ws', 'graphql-ws' or false"],
    [{ port: '80' }, `\`port\` to be ${port} to 65535, got "80" (string)`],
    [{ port: 65536 }, port],
    [{ port: -1 }, port],
    [{ host: '' }, '`host` to be a host name or an address'],
    [{ host: 1 }, '`host` to be a host name or an address'],
    [{ headers: { a: 1 } }, '`headers` to be an object of strings, got object'],
    [{ headers: { 'X-A': 'a\r\nEvil: 1' } }, '`headers.X-A` to be a header of HTTP: its name'],
    [{ headers: { 'a b': 'c' } }, '`headers.a b` to be a header of HTTP'],
    [{ headers: { a: '✓' } }, 'its value a line of Latin-1 characters, got string'],
    [{ headers: 'Authorization: Bearer x' }, 'an object of strings, got string'],
    [{ answerPings: 1 }, '`answerPings` to be a boolean, got 1 (number)'],
    [{ ignoreStop: 'yes' }, '`ignoreStop` to be a boolean'],
    [{ ledger: false }, '`ledger` to be an object, got boolean'],
    [{ ledger: { history: 0 } }, '`ledger.history` to be a boolean'],
    [{ ledger: { frames: false } }, 'unknown option `ledger.frames`: there are history'],
    [{ maxBuffered: -1 }, '`maxBuffered` to be a number of bytes ≥ 0 or false'],
    [{ maxStreams: 'two' }, '`maxStreams` to be a number of streams ≥ 0 or false'],
    [{ tokens: 'secret' }, '`tokens` to be a boolean or an object, got string'],
    [{ tokens: { in: 'body' } }, "`tokens.in` to be 'url', 'header' or 'params'"],
    [{ tokens: { closeCode: 1000 } }, '`tokens.closeCode` to be 4403 or 4401'],
    [{ tls: true }, "`tls` to be 'self-signed', 'expired', 'wrong-host' or an object"],
    [{ tls: '-----BEGIN' }, 'or an object, got string'],
    [{ tls: {} }, 'with `key` and `cert`, with `pfx` or with `SNICallback`, got object'],
    [{ tls: { minVersion: 'TLSv1.2' } }, tls],
    [{ tls: { key: 'x' } }, tls],
    [{ tls: { cert: 'x' } }, tls],
    [{ tls: { certificate: undefined, ca: 'x' } }, tls],
    [{ tls: { certifcate: 'expired' } }, '`tls.certifcate`: did you mean `tls.certificate`?'],
    [{ tls: { certificate: 'good' } }, "`tls.certificate` to be 'self-signed', 'expired' or"],
    [{ seed: 'x' }, '`seed` to be an integer'],
    [{ backfill: 5 }, '`backfill` to be an object, got number'],
    [{ backfill: { delay: 5 } }, 'unknown option `backfill.delay`'],
    [{ backfill: { latency: '5s' } }, latency],
    [{ backfill: { latency: [5, 4] } }, latency],
    [{ backfill: { latency: [5] } }, latency],
    [{ backfill: { latency: [-1, 4] } }, latency],
    [{ backfill: { latency: [1, 2, 3] } }, latency],
    [{ backfill: { horizon: -1 } }, '`backfill.horizon` to be a number of milliseconds ≥ 0'],
    [{ backfill: { maxRows: 0 } }, '`backfill.maxRows` to be a number of rows ≥ 1 or false'],
    [{ backfill: { authorize: true } }, '`backfill.authorize` to be a function'],
    [{ feed: { every: 1 }, handle: () => [] }, 'expected `feed` or `handle`, got both'],
    [{ feed: {} }, `\`feed.every\` to be a number of ${every}, got undefined`],
    [{ feed: { every: 0.005 } }, `${every}, got 0.005 (number)`],
    [{ feed: { every: Infinity } }, `${every}, got Infinity`],
    [{ feed: { every: NaN } }, every],
    [{ feed: { every: '1s' } }, every],
    [{ feed: { every: 1, rows: 5 } }, 'unknown option `feed.rows`: did you mean `feed.row`?'],
    [{ feed: { every: 1, row: {} } }, '`feed.row` to be a function'],
    [{ feed: { every: 1, number: 'id' } }, '`feed.number` to be a function'],
    [{ feed: { every: 1, field: '' } }, '`feed.field` to be a name'],
    [{ feed: { every: 1, perMessage: 0 } }, '`feed.perMessage` to be a number of rows ≥ 1'],
    [{ feed: { every: 1, limit: 1.5 } }, '`feed.limit` to be a number of rows ≥ 1'],
    [{ feed: { every: 1, start: '2026-01-01' } }, start],
    [{ feed: { every: 1, start: -8.65e13 } }, start],
    [{ feed: { every: 1, start: Infinity } }, start],
    [{ feed: { every: 1, replay: 1 } }, '`feed.replay` to be a boolean or an object, got number'],
    [{ feed: { every: 1, replay: { by: 1 } } }, 'unknown option `feed.replay.by`'],
    [{ feed: { every: 1, replay: { inclusive: 1 } } }, '`feed.replay.inclusive` to be a boolean'],
    [{ feed: { every: 1, replay: { horizon: -1 } } }, '`feed.replay.horizon` to be a number of'],
    [{ backfill: { lag: -1 } }, '`backfill.lag` to be a number of milliseconds ≥ 0'],
    [null, 'expected `options` to be an object, got null'],
    ['ws://localhost', 'expected `options` to be an object, got string'],
    [() => EMPTY, 'expected `options` to be an object, got function'],
  ] as [object, string][])
    it(`are refused: ${JSON.stringify(options)}: ${message}`, async () => {
      const error = await refusalOf(options);
      expect(error).to.be.instanceOf(TypeError);
      expect((error as Error).message).to.include(message);
    });

  it('may be headers of Latin-1, and a `tls` that has a certificate', async () => {
    await serve({ headers: { 'X-A': 'à b', '__proto-x': '' } });
    await serve({ tls: { SNICallback: () => undefined } });
    // OpenSSL cannot read it, and the check lets it pass.
    expect(String(await refusalOf({ tls: { pfx: 'x' } }))).not.to.include('expected `tls`');
  });

  it('are refused before anything listens', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    // The error would be another one if the taken port had been tried.
    expect(await refusalOf({ port, zzz: 1 })).to.be.instanceOf(TypeError);
    other.close();
    await once(other, 'close');
  });
});
