import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { EMPTY, Observable, throwError, timer, type Subscription } from 'rxjs';
import { ConfigurationError, type GraphQLSocketConfig, type Variables } from 'rx-graphql-ws';
import { testCertificates, type TestCertificates } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../helpers/failure-of.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { dialFaultNames, type DialFault } from '../rig/dials.js';
import { handshakeFaultNames, type HandshakeFault } from '../rig/handshakes.js';
import { canary, expectNoSecret, formsIn } from './canary.js';
import { refreshing, secretive } from './secretive.js';
import { allOf, useEndurance } from './use-endurance.js';

const showsNoSecret = (value: unknown) => {
  expectNoSecret(value);
  return true;
};

const query = '{ a }';

/** A mistake of the user's, with a secret in it. */
const mine = Object.assign(new Error(canary), { token: canary });

const fails = () => {
  throw mine;
};

const refusing = function () {
  throw mine;
};

describe('a secret is in no error', function () {
  this.timeout(20_000);
  const serve = useServer();
  const connect = useSocket();

  const circular: { token: string; self?: object } = { token: canary };
  circular.self = circular;
  const unserialisable: readonly (readonly [string, Variables])[] = [
    ['a bigint', { token: canary, n: 1n }],
    ['a circle', circular],
  ];
  for (const [what, value] of unserialisable)
    for (const field of ['variables', 'extensions'])
      for (const give of [() => value, () => () => value])
        it(`over ${what} in ${field}${typeof give() === 'function' ? '()' : ''}`, async () => {
          const { url } = await serve();
          const request = { query, [field]: give() };
          for (const stream$ of [
            connect({ url }).query$(request),
            connect({ url }).execute$(request),
          ])
            expectNoSecret(await failureOf(stream$, 'ConfigurationError'));
        });

  for (const [what, value] of unserialisable)
    it(`over ${what} in connectionParams`, async () => {
      const { url } = await serve();
      const socket = connect({ url, connectionParams: () => value });
      expectNoSecret(await failureOf(socket.query$(query), 'ConfigurationError'));
    });

  const refused: Readonly<Record<string, Variables>> = {
    'a line break in a header': { headers: { authorization: `${canary}\r\nx: ${canary}` } },
    'a header as a name': { headers: { [`Authorization: Bearer ${canary}`]: '' } },
    'a header that is no text': { headers: { authorization: Symbol(canary) } },
    'an agent that is none': { agent: canary },
  };
  for (const [what, webSocketOptions] of Object.entries(refused))
    it(`over ${what}`, async () => {
      const socket = connect({ url: 'ws://127.0.0.1:1/', webSocketOptions });
      const error = await failureOf(socket.query$(query), 'ConfigurationError');
      expectNoSecret(error);
      expect(error.option).to.equal('webSocketOptions');
    });

  const bad: Readonly<Record<string, Partial<GraphQLSocketConfig>>> = {
    'a url of another scheme': { url: `ftp://${canary}@example.org/?${canary}#${canary}` },
    'a url that is none': { url: `:${canary}` },
    'a port that is none': { url: `ws://${canary}@example.org:99999/?${canary}` },
    'a subprotocol that is no name': { subprotocols: [`header-${canary}==`] },
    'options that are no object': { webSocketOptions: canary as never },
    'params that are no object': { connectionParams: [canary] as never },
  };
  for (const [what, config] of Object.entries(bad))
    it(`over ${what}, given as it is or by a function`, async () => {
      const { url } = await serve();
      expect(() => connect({ url, ...config }))
        .to.throw(ConfigurationError)
        .that.satisfies(showsNoSecret);
      const [[option, value]] = Object.entries(config) as [[string, unknown]];
      const { query$ } = connect({ url, [option]: () => value });
      expectNoSecret(await failureOf(query$(query), 'ConfigurationError'));
    });

  for (const tls of [{ key: canary, cert: canary }, { ca: canary }, { pfx: canary }])
    it(`over a ${Object.keys(tls).join(' and ')} that cannot be read`, async () => {
      const webSocketOptions = { passphrase: canary, ...tls };
      const socket = connect({ url: 'wss://127.0.0.1:1/', webSocketOptions, retry: false });
      const errors: unknown[] = [];
      socket.query$(query).subscribe({ error: (error: unknown) => errors.push(error) });
      await delay(50);
      expect(errors).to.have.length(1);
      expectNoSecret(errors[0]);
    });
});

describe('an error that the user threw is in the cause, and nowhere else', function () {
  this.timeout(20_000);
  const serve = useServer();
  const connect = useSocket();
  const given: Readonly<Record<string, (url: string) => GraphQLSocketConfig>> = {
    url: () => ({ url: fails }),
    subprotocols: (url) => ({ url, subprotocols: () => throwError(() => mine) }),
    connectionParams: (url) => ({ url, connectionParams: () => Promise.reject(mine) }),
    webSocketOptions: (url) => ({ url, webSocketOptions: new Observable((to) => to.error(mine)) }),
    webSocketImpl: (url) => ({ url, webSocketImpl: refusing as never }),
    generateId: (url) => ({ url, generateId: fails }),
    jsonReplacer: (url) => ({ url, jsonReplacer: fails }),
    'retry.delay': () => ({ url: 'ws://127.0.0.1:1/', retry: { delay: fails } }),
    'retry.shouldRetry': () => ({ url: 'ws://127.0.0.1:1/', retry: { shouldRetry: fails } }),
  };
  for (const [option, config] of Object.entries(given))
    it(`by ${option}`, async () => {
      const { url } = await serve();
      const socket = connect(config(url));
      const statuses: unknown[] = [];
      socket.status$.subscribe((status) => statuses.push(status));
      const error = await new Promise<Error>((resolve) => {
        socket.query$(query).subscribe({ error: resolve });
      });
      expect(error.cause).to.equal(mine);
      for (const text of [error.message, error.stack, String(error), JSON.stringify(error)])
        expect(formsIn(text ?? '')).to.deep.equal([]);
      expect(formsIn(JSON.stringify(statuses))).to.deep.equal([]);
    });

  for (const field of ['variables', 'extensions'])
    it(`by the function ${field}`, async () => {
      const { url } = await serve();
      const request = { query, [field]: fails };
      const error = await failureOf(connect({ url }).query$(request), 'ConfigurationError');
      expect(error.cause).to.equal(mine);
      expect(formsIn(`${error.message}${String(error.stack)}`)).to.deep.equal([]);
    });

  it('not where nothing was thrown', async () => {
    const { url } = await serve();
    const socket = connect({ url, connectionParams: () => EMPTY });
    expectNoSecret(await failureOf(socket.query$(query), 'ConnectionError'));
    const late: Subscription = connect({ url, connectionParams: () => timer(1_000) as never })
      .query$(query)
      .subscribe();
    expectNoSecret(late);
    late.unsubscribe();
  });
});

const statuses = [200, 301, 302, 307, 308, 400, 401, 402, 403, 404, 408, 426, 429, 500, 502, 503];

const refusal = (status: number) => ({
  status,
  headers: { location: `ws://${canary}@127.0.0.1:1/?${canary}`, 'set-cookie': `sid=${canary}` },
  body: canary,
});

const closes = [1000, 1001, 1002, 1008, 1011, 1013, 3000, 4400, 4401, 4403, 4406, 4408, 4409, 4429];

describe('a secret is in nothing that a socket object gives, after a dial that', function () {
  this.timeout(20_000);
  const endures = useEndurance();
  useCalm();
  let certificates: TestCertificates;
  before(async () => {
    certificates = await testCertificates();
  });

  const dials: readonly (readonly [string, DialFault])[] = [
    ...dialFaultNames.filter((name) => name !== 'tls-stall').map((name) => [name, name] as const),
    ...statuses.map((status) => [`HTTP ${status}`, refusal(status)] as const),
    ['drip', { drip: 5 }],
  ];
  const handshakes: readonly (readonly [string, HandshakeFault])[] = [
    ...handshakeFaultNames.map((name) => [name, name] as const),
    ...closes.map((code) => [`close ${code}`, { close: code, reason: 'no' }] as const),
    ['rejected', { reject: { message: 'no' }, code: 4401, reason: 'no' }],
    ['rejected, and left open', { reject: 'no', code: false }],
  ];

  for (const [how, config] of [
    ['constant', secretive],
    ['fresh', refreshing],
  ] as const) {
    it(`came to each fault and HTTP status, with ${how} options`, async () => {
      await allOf(dials, async (fault) => {
        await endures({ config, before: ({ failDials }) => failDials(fault, Infinity) });
      });
    });

    for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
      it(`came to each fault of a handshake over ${subprotocol}, with ${how} options`, async () => {
        await allOf(handshakes, async (fault) => {
          await endures({
            server: { subprotocols: [subprotocol] },
            config,
            before: ({ failHandshakes }) => failHandshakes(fault, Infinity),
          });
        });
      });
  }

  it('was refused', async () => {
    const { out } = await endures({ config: () => secretive('ws://127.0.0.1:1/graphql') });
    expect(out.has('the error of subscribe$')).to.equal(true);
  });

  it('found no such host', async () => {
    const { out } = await endures({ config: () => secretive('ws://nonexistent.invalid/graphql') });
    expect(out.has('the error of subscribe$')).to.equal(true);
  });

  for (const tls of ['self-signed', 'expired', 'wrong-host'] as const)
    it(`found a certificate that is ${tls}`, async () => {
      const { client } = certificates;
      const { out } = await endures({ server: { tls }, config: (url) => secretive(url, client) });
      expect(out.has('the error of subscribe$')).to.equal(true);
    });

  it('found no TLS', async () => {
    const config = (url: string) => secretive(url.replace('ws:', 'wss:'), certificates.client);
    const { out } = await endures({ config });
    expect(out.has('the error of subscribe$')).to.equal(true);
  });

  it('the server answered by the name that is a secret', async () => {
    const select = (offered: readonly string[]) =>
      offered.find((name) => name.startsWith('header-'));
    const { out } = await endures({ server: { subprotocols: select } });
    expect(out.has('the error of subscribe$')).to.equal(true);
  });

  it('went well over TLS', async () => {
    const { ca, server, client } = certificates;
    const { out } = await endures({
      server: { tls: server },
      config: (url) => secretive(url, { ca, ...client }),
    });
    expect(out.has('a value of query$')).to.equal(true);
  });
});
