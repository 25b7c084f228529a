import { expect } from 'chai';
import { describe, it } from 'mocha';
import { of } from 'rxjs';
import { graphqlTestServer, type GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { answerTo, dial, init, legacy } from './raw-client.js';

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
  expect(await answerTo(url)).to.include({ status });
};

const answeredWith = (status: number) => async (_url: string, httpUrl: string) => {
  const response = await fetch(httpUrl, { method: 'POST', body: '{"query":"{ a }"}' });
  expect(response.status).to.equal(status);
};

const status = '`@().status` to be an HTTP status from 200 to 999, got';
const header = 'to be a header of HTTP';
const refusals: readonly (readonly [unknown, string])[] = [
  [403, `\`@\` ${expected.upgrade}number`],
  ['no', `\`@\` ${expected.upgrade}string`],
  [null, `\`@\` ${expected.upgrade}null`],
  [[], `\`@\` ${expected.upgrade}array`],
  [{}, `${status} undefined`],
  [{ status: 1_000 }, `${status} 1000 (number)`],
  [{ status: 101 }, `${status} 101 (number)`],
  [{ stauts: 403 }, 'unknown member `@().stauts`: did you mean `@().status`?'],
  [{ status: 403, body: {} }, '`@().body` to be a text, got object'],
  [{ status: 403, headers: { a: 1 } }, '`@().headers` to be an object of strings, got object'],
  [{ status: 403, headers: { 'a b': '' } }, `\`@().headers.a b\` ${header}`],
  [{ status: 403, headers: { a: 'x\ny' } }, `\`@().headers.a\` ${header}`],
  [{ status: 403, headers: { a: '✓' } }, `\`@().headers.a\` ${header}`],
];

describe('graphqlTestServer authorize', () => {
  for (const [verdict, message] of refusals)
    it(`refuses upgrades and POSTs, and explains ${JSON.stringify(verdict)}`, async () => {
      const authorize = () => verdict;
      const backfill = { authorize: () => of(verdict) };
      for (const [name, failure] of [
        ['authorize', await failureOf({ authorize }, refusedWith(500))],
        ['backfill.authorize', await failureOf({ backfill }, answeredWith(500))],
      ] as const) {
        expect(failure).to.be.instanceOf(TypeError);
        expect(failure!.message).to.include(message.replaceAll('@', name));
      }
    });

  it('tells nothing of a throw, which is a way to refuse', async () => {
    const authorize = () => Promise.reject(new Error('broken'));
    expect(await failureOf({ authorize }, refusedWith(500))).to.equal(undefined);
    const failure = await failureOf({ backfill: { authorize } }, answeredWith(500));
    expect(failure).to.equal(undefined);
  });
});

describe('graphqlTestServer connect', () => {
  for (const [verdict, got] of [
    [{}, 'object'],
    [{ payload: 1 }, 'object'],
    [null, 'null'],
    ['x', 'string'],
    [5, 'number'],
    [[], 'array'],
  ] as [unknown, string][])
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
        expect(failure!.message).to.equal(`expected \`connect\` ${expected.connect}${got}`);
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
});
