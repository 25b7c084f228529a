import { expect } from 'chai';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'mocha';
import { EMPTY } from 'rxjs';
import { graphqlTestServer, type GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { checkOptions } from '../../../lib/testing/server/check-options.js';

const start = (options: unknown) =>
  graphqlTestServer(options as GraphQLTestServerOptions).then(
    async (server) => {
      await server.stop();
      throw new Error('it started');
    },
    (error: unknown) => error,
  );

describe('graphqlTestServer options', () => {
  const wrong: [object, string][] = [
    [{ handler: () => EMPTY }, 'unknown option `handler`: did you mean `handle`?'],
    [{ keepalive: 1 }, 'unknown option `keepalive`: did you mean `keepAlive`?'],
    [
      { ackDelay: '5s' },
      'expected `ackDelay` to be a number of milliseconds ≥ 0 or false, got "5s" (string)',
    ],
    [{ initTimeout: -1 }, 'expected `initTimeout` to be a number of milliseconds ≥ 0 or false'],
    [{ keepAlive: 0 }, 'expected `keepAlive` to be a number of milliseconds > 0 or false'],
    [{ keepAlive: 'often' }, 'expected `keepAlive` to be a number of milliseconds > 0 or false'],
    [{ keepAliveMessage: 'ka' }, "expected `keepAliveMessage` to be 'ping' or 'pong', got"],
    [{ handle: [] }, 'expected `handle` to be a function, got array'],
    [{ script: 'x' }, 'expected `script` to be a function'],
    [{ authorize: true }, 'expected `authorize` to be a function'],
    [{ connect: null }, 'expected `connect` to be a function, got null'],
    [{ subprotocols: 'graphql-ws' }, 'expected `subprotocols` to be a function or a list of names'],
    [{ subprotocols: [1] }, 'expected `subprotocols` to be a function or a list of names'],
    [
      { fallback: 'graphql' },
      "expected `fallback` to be 'graphql-transport-ws', 'graphql-ws' or false",
    ],
    [{ port: '80' }, 'expected `port` to be an integer from 0 to 65535, got "80" (string)'],
    [{ port: 65536 }, 'expected `port` to be an integer'],
    [{ port: -1 }, 'expected `port` to be an integer'],
    [{ host: '' }, 'expected `host` to be a host name or an address'],
    [{ host: 1 }, 'expected `host` to be a host name or an address'],
    [{ headers: { a: 1 } }, 'expected `headers` to be an object of strings, got object'],
    [
      { headers: { 'X-A': 'a\r\nEvil: 1' } },
      'expected `headers.X-A` to be a header of HTTP: its name',
    ],
    [{ headers: { 'a b': 'c' } }, 'expected `headers.a b` to be a header of HTTP'],
    [{ headers: { a: '✓' } }, 'its value a line of Latin-1 characters, got string'],
    [{ headers: 'Authorization: Bearer x' }, 'an object of strings, got string'],
    [{ answerPings: 1 }, 'expected `answerPings` to be a boolean, got 1 (number)'],
    [{ ignoreStop: 'yes' }, 'expected `ignoreStop` to be a boolean'],
    [{ ledger: false }, 'expected `ledger` to be an object, got boolean'],
    [{ ledger: { history: 0 } }, 'expected `ledger.history` to be a boolean'],
    [{ ledger: { frames: false } }, 'unknown option `ledger.frames`: there are history'],
    [{ maxBuffered: -1 }, 'expected `maxBuffered` to be a number of bytes ≥ 0 or false'],
    [{ maxStreams: 'two' }, 'expected `maxStreams` to be a number of streams ≥ 0 or false'],
    [{ tokens: 'secret' }, 'expected `tokens` to be a boolean or an object, got string'],
    [{ tokens: { in: 'body' } }, "expected `tokens.in` to be 'url', 'header' or 'params'"],
    [{ tokens: { closeCode: 1000 } }, 'expected `tokens.closeCode` to be 4403 or 4401'],
    [{ tls: true }, "expected `tls` to be 'self-signed', 'expired', 'wrong-host' or an object"],
    [{ tls: '-----BEGIN' }, 'or an object, got string'],
    [{ tls: {} }, 'with `key` and `cert`, with `pfx` or with `SNICallback`, got object'],
    [{ tls: { minVersion: 'TLSv1.2' } }, 'expected `tls` to be an object with `certificate`'],
    [{ tls: { key: 'x' } }, 'expected `tls` to be an object with `certificate`, with `key` and'],
    [{ tls: { cert: 'x' } }, 'expected `tls` to be an object with `certificate`, with `key` and'],
    [
      { tls: { certificate: undefined, ca: 'x' } },
      'expected `tls` to be an object with `certificate`',
    ],
    [
      { tls: { certifcate: 'self-signed' } },
      'unknown option `tls.certifcate`: did you mean `tls.certificate`?',
    ],
    [
      { tls: { certificate: 'good' } },
      "expected `tls.certificate` to be 'self-signed', 'expired' or",
    ],
  ];
  for (const [options, message] of wrong)
    it(`refuses ${JSON.stringify(options)}`, async () => {
      const error = await start(options);
      expect(error).to.be.instanceOf(TypeError);
      expect((error as Error).message).to.include(message);
    });

  it('wants an object', async () => {
    for (const options of [null, 'ws://localhost', () => EMPTY])
      expect(String(await start(options))).to.include('expected `options` to be an object, got ');
  });

  it('takes headers as they may be, and tls with whatever has a certificate', () => {
    checkOptions({ headers: { 'X-A': 'à b', '__proto-x': '' } });
    const SNICallback = () => undefined;
    for (const tls of [{ key: 'x', cert: 'y' }, { pfx: 'x' }, { SNICallback }, 'expired'] as const)
      checkOptions({ tls });
  });

  it('refuses before anything listens', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    // A taken port would be refused otherwise, had it been tried.
    expect(await start({ port, zzz: 1 })).to.be.instanceOf(TypeError);
    other.close();
    await once(other, 'close');
  });
});
