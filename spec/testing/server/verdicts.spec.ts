import { expect } from 'chai';
import { describe, it } from 'mocha';
import { of } from 'rxjs';
import { graphqlTestServer, type GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { dial, legacy } from './raw-client.js';

const init = { type: 'connection_init' };
const expected = {
  upgrade: 'to return nothing, a boolean or `{ status, headers, body }`, got ',
  connect: 'to return nothing, a boolean, `{ ack }` or `{ reject, code, reason }`, got ',
};

/** What `stop()` tells, once. */
async function failureOf(options: unknown, act: (url: string, httpUrl: string) => Promise<void>) {
  const server = await graphqlTestServer(options as GraphQLTestServerOptions);
  let told: Error | undefined;
  try {
    await act(server.url, server.httpUrl);
  } finally {
    await server.stop().catch((error: unknown) => {
      told = error as Error;
    });
  }
  await server.stop();
  return told;
}

const refusedWith = (status: number) => async (url: string) => {
  const error: unknown = await dial(url).catch((reason: unknown) => reason);
  expect(String(error)).to.contain(`Unexpected server response: ${String(status)}`);
};

const answeredWith = (status: number) => async (_url: string, httpUrl: string) => {
  const response = await fetch(httpUrl, { method: 'POST', body: '{"query":"{ a }"}' });
  expect(response.status).to.equal(status);
};

const refusals: readonly (readonly [unknown, string])[] = [
  [403, `expected \`@\` ${expected.upgrade}number`],
  ['no', `expected \`@\` ${expected.upgrade}string`],
  [null, `expected \`@\` ${expected.upgrade}null`],
  [[], `expected \`@\` ${expected.upgrade}array`],
  [{}, 'expected `@().status` to be an HTTP status from 200 to 999, got undefined'],
  [
    { status: 1_000 },
    'expected `@().status` to be an HTTP status from 200 to 999, got 1000 (number)',
  ],
  [{ status: 101 }, 'expected `@().status` to be an HTTP status from 200 to 999, got 101 (number)'],
  [{ stauts: 403 }, 'unknown member `@().stauts`: did you mean `@().status`?'],
  [{ status: 403, body: {} }, 'expected `@().body` to be a text, got object'],
  [
    { status: 403, headers: { a: 1 } },
    'expected `@().headers` to be an object of strings, got object',
  ],
  [{ status: 403, headers: { 'a b': '' } }, 'expected `@().headers.a b` to be a header of HTTP'],
  [{ status: 403, headers: { a: 'x\ny' } }, 'expected `@().headers.a` to be a header of HTTP'],
  [{ status: 403, headers: { a: '✓' } }, 'expected `@().headers.a` to be a header of HTTP'],
];

const explaining = (message: string, option: string) => message.replaceAll('@', option);

describe('graphqlTestServer authorize', () => {
  for (const [verdict, message] of refusals) {
    it(`refuses the upgrade and explains ${JSON.stringify(verdict)}`, async () => {
      const failure = await failureOf({ authorize: () => verdict }, refusedWith(500));
      expect(failure).to.be.instanceOf(TypeError);
      expect(failure!.message).to.include(explaining(message, 'authorize'));
    });

    it(`refuses the POST and explains ${JSON.stringify(verdict)}`, async () => {
      const backfill = { authorize: () => of(verdict) };
      const failure = await failureOf({ backfill }, answeredWith(500));
      expect(failure).to.be.instanceOf(TypeError);
      expect(failure!.message).to.include(explaining(message, 'backfill.authorize'));
    });
  }

  it('tells nothing of a throw, which is a way to refuse', async () => {
    const authorize = () => Promise.reject(new Error('broken'));
    expect(await failureOf({ authorize }, refusedWith(500))).to.equal(undefined);
    const failure = await failureOf({ backfill: { authorize } }, answeredWith(500));
    expect(failure).to.equal(undefined);
  });
});

describe('graphqlTestServer connect', () => {
  const wrong: readonly (readonly [unknown, string])[] = [
    [{}, `${expected.connect}object`],
    [{ payload: 1 }, `${expected.connect}object`],
    [null, `${expected.connect}null`],
    ['x', `${expected.connect}string`],
    [5, `${expected.connect}number`],
    [[], `${expected.connect}array`],
  ];
  for (const [verdict, message] of wrong)
    for (const subprotocol of [undefined, legacy])
      it(`closes with 1011 and explains ${JSON.stringify(verdict)} over ${subprotocol ?? 'the current protocol'}`, async () => {
        const connect = () => Promise.resolve(verdict);
        const failure = await failureOf({ connect }, async (url) => {
          const client = await dial(url, subprotocol);
          client.send(init);
          expect((await client.closed).code).to.equal(1011);
          expect(client.heard).to.deep.equal([]);
        });
        expect(failure).to.be.instanceOf(TypeError);
        expect(failure!.message).to.equal(`expected \`connect\` ${message}`);
      });
});

describe('graphqlTestServer subprotocols', () => {
  it('refuses the upgrade with 500 where it throws, and tells why', async () => {
    const subprotocols = () => {
      throw new Error('broken');
    };
    const failure = await failureOf({ subprotocols }, refusedWith(500));
    expect(failure!.message).to.equal('broken');
  });

  for (const [name, got] of [
    [5, 'number'],
    [null, 'null'],
    [Promise.resolve('graphql-ws'), 'object'],
  ] as const)
    it(`explains that it must not return ${got}`, async () => {
      const failure = await failureOf({ subprotocols: () => name }, refusedWith(500));
      expect(failure).to.be.instanceOf(TypeError);
      expect(failure!.message).to.equal(
        `expected \`subprotocols\` to return a name or undefined, got ${got}`,
      );
    });

  it('finished() tells, once', async () => {
    const server = await graphqlTestServer({ authorize: () => null as unknown as undefined });
    await refusedWith(500)(server.url);
    const failure: unknown = await server.finished().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TypeError);
    await server.finished();
    await server.stop();
  });
});
