import { expect } from 'chai';
import { describe, it } from 'mocha';
import { inspect } from 'node:util';
import { firstValueFrom, throwError } from 'rxjs';
import { graphqlSocket, openSocket, type OpenSocketOptions } from 'rx-graphql-ws';
import { useTcp } from '../helpers/net/tcp-server.js';
import { useServer } from '../helpers/use-server.js';

const canary = 'CANARY7f3a';
const secretive = (url: string) =>
  url.replace('://', `://${canary}:${canary}@`).concat(`?token=${canary}&${canary}=1#${canary}`);
const subprotocols = ['graphql-ws', `header-${canary}`];
const webSocketOptions = { headers: { authorization: canary } };

const texts = (error: Error) => [error.message, error.stack, JSON.stringify(error), String(error)];

async function errorOf(options: OpenSocketOptions): Promise<Error> {
  const socket$ = openSocket({ subprotocols, webSocketOptions, ...options });
  return firstValueFrom(socket$).then(
    () => expect.fail('it opened'),
    (error: unknown) => error as Error,
  );
}

function expectNoCanary(error: Error): void {
  for (const text of [...texts(error), inspect(error, { depth: Infinity })])
    expect(text).not.to.contain(canary);
}

describe('the error of openSocket shows no secret', () => {
  const serve = useServer();
  const listen = useTcp();

  for (const status of [301, 302, 401, 403, 404, 503])
    it(`after HTTP ${status}`, async () => {
      const headers = { location: secretive('ws://example.org/') };
      const server = await serve({ authorize: () => ({ status, headers, body: canary }) });
      expectNoCanary(await errorOf({ url: secretive(server.url) }));
    });

  it('after a refused connection', async () => {
    const tcp = await listen();
    await tcp.stop();
    expectNoCanary(await errorOf({ url: secretive(tcp.url) }));
  });

  it('after a name that is unknown', async () => {
    expectNoCanary(await errorOf({ url: secretive('ws://nonexistent.invalid/') }));
  });

  it('after a timeout', async () => {
    const tcp = await listen();
    expectNoCanary(await errorOf({ url: secretive(tcp.url), connectTimeout: 20 }));
  });

  it('after bytes that are no HTTP', async () => {
    const tcp = await listen((socket) => void socket.write(`${canary}\r\n\r\n`));
    const error = await errorOf({ url: secretive(tcp.url) });
    for (const text of texts(error)) expect(text).not.to.contain(canary);
  });

  it('after no TLS was found', async () => {
    const server = await serve();
    expectNoCanary(await errorOf({ url: secretive(server.url.replace('ws:', 'wss:')) }));
  });

  for (const selected of ['mqtt', canary])
    it(`after the server selected ${selected}`, async () => {
      const server = await serve({ subprotocols: () => selected });
      expectNoCanary(await errorOf({ url: secretive(server.url) }));
    });

  for (const [what, options] of [
    ['url', { url: `ftp://${canary}@example.org/?${canary}#${canary}` }],
    ['url of its function', { url: () => `:${canary}` }],
    ['port', { url: `ws://${canary}@example.org:99999/?${canary}` }],
    ['subprotocol', { url: 'ws://127.0.0.1:1/', subprotocols: [`${canary} `] }],
    ['header', { url: 'ws://127.0.0.1:1/', webSocketOptions: { headers: { a: `${canary}\n` } } }],
    ['option', { url: 'ws://127.0.0.1:1/', webSocketOptions: () => canary as never }],
  ] as const)
    it(`after a bad ${what}`, async () => {
      expectNoCanary(await errorOf(options));
    });

  it('but in the cause, after a function of the user’s failed', async () => {
    const cause = new Error(canary);
    for (const url of [() => throwError(() => cause), () => Promise.reject(cause)]) {
      const error = await errorOf({ url });
      for (const text of texts(error)) expect(text).not.to.contain(canary);
      expect(error.cause).to.equal(cause);
    }
  });
});

describe('the error of graphqlSocket shows no secret', () => {
  const url = 'ws://127.0.0.1:1/';
  const configs: [what: string, config: unknown][] = [
    ['config', `ws://${canary}`],
    ['url', { url: `//${canary}@example.org` }],
    ['url object', { url: { href: canary } }],
    ['subprotocols', { url, subprotocols: canary }],
    ['subprotocol', { url, subprotocols: [`header-${canary}==`] }],
    ['connectionParams', { url, connectionParams: canary }],
    ['list of connectionParams', { url, connectionParams: [canary] }],
    ['webSocketOptions', { url, webSocketOptions: canary }],
  ];
  for (const [what, config] of configs)
    it(`after a bad ${what}`, () => {
      try {
        graphqlSocket(config as never);
      } catch (error) {
        expectNoCanary(error as Error);
        return;
      }
      expect.fail('it was taken');
    });
});
