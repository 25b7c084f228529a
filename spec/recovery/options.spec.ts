import { expect } from 'chai';
import { describe, it } from 'mocha';
import { NEVER } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import { recover } from 'rx-graphql-ws/recovery';
import { advance, record, test } from '../helpers/test.js';
import { rowSocket } from './bench.js';
import type { Row } from './rows.js';
import { row } from './rows.js';

const socket = graphqlSocket({ url: 'ws://nowhere' });
const refusal = (options: object | null) => {
  try {
    void recover(socket, 'subscription { k }', options as object);
  } catch (error) {
    const { name, option, message } = error as { name: string; option: string; message: string };
    return [name, option, message];
  }
  return undefined;
};

describe('the options of recover', () => {
  for (const name of ['rows', 'resume', 'backfill', 'key', 'handled'])
    it(`${name} must be a function`, () => {
      expect(refusal({ key: () => 1, [name]: 'text' })).to.deep.equal([
        'ConfigurationError',
        name,
        `expected \`${name}\` to be a function, got text`,
      ]);
    });

  for (const name of ['remember', 'buffer', 'timeout'])
    for (const wrong of [0, -1, NaN, '5', null])
      it(`${name} must be a number from 1 on, not ${JSON.stringify(wrong)}`, () => {
        expect(refusal({ [name]: wrong })).to.deep.equal([
          'ConfigurationError',
          name,
          `expected \`${name}\` to be a number ≥ 1, got ${wrong}`,
        ]);
      });

  it('may be undefined, and numbers may be infinite', () => {
    const names = ['rows', 'resume', 'backfill', 'key', 'handled', 'remember', 'timeout'];
    expect(refusal(Object.fromEntries(names.map((name) => [name, undefined])))).to.equal(undefined);
    expect(refusal({ remember: Infinity, buffer: Infinity, timeout: Infinity })).to.equal(
      undefined,
    );
  });

  it('have no other names', () => {
    expect(refusal({ resum: () => ({}) })).to.deep.equal([
      'ConfigurationError',
      'resum',
      'unknown option `resum`: known are rows, resume, backfill, key, handled, remember, buffer, timeout, errorPolicy, onServerComplete',
    ]);
    expect(refusal({ constructor: 1 })?.slice(0, 2)).to.deep.equal([
      'ConfigurationError',
      'constructor',
    ]);
    expect(refusal({ share: true })?.[1]).to.equal('share');
  });

  it('are an object', () => {
    for (const [wrong, shown] of [
      [null, 'null'],
      [5, '5'],
      [() => 1, 'function'],
    ] as const)
      expect(refusal(wrong as never), shown).to.deep.equal([
        'ConfigurationError',
        'options',
        `expected \`options\` to be an object, got ${shown}`,
      ]);
  });

  it('those of `subscribe$` are checked at once, too', () => {
    expect(refusal({ errorPolicy: 'all' })?.slice(0, 2)).to.deep.equal([
      'ConfigurationError',
      'errorPolicy',
    ]);
    expect(refusal({ onServerComplete: true })?.slice(0, 2)).to.deep.equal([
      'ConfigurationError',
      'onServerComplete',
    ]);
  });

  it('backfill needs key', () => {
    expect(refusal({ backfill: () => NEVER })).to.deep.equal([
      'ConfigurationError',
      'key',
      '`backfill` needs `key`',
    ]);
  });
});

describe('a request of recover', () => {
  for (const [what, request] of [
    ['nothing', undefined],
    ['no document', { variables: {} }],
    ['an unknown field', { query: 'subscription { k }', operation: 'K' }],
    ['a promise as variables', { query: 'subscription { k }', variables: Promise.resolve() }],
  ] as const)
    test(`with ${what} is a ConfigurationError on the stream`, () => {
      const { socket: playing } = rowSocket(['oa']);
      const stream = record(recover(playing, request as never));
      advance(10);
      expect(stream.error.name).to.equal('ConfigurationError');
    });

  for (const [what, request] of [
    ['a text', 'subscription { k }'],
    ['a String', new String('subscription { k }')],
    [
      'a DocumentNode',
      { kind: 'Document', definitions: [], loc: { source: { body: 'subscription { k }' } } },
    ],
  ] as const)
    test(`may be ${what}, to which the cursor is added`, () => {
      const { socket: playing, server, sent } = rowSocket(['oa-1-x', 'oa']);
      const stream = record(
        recover<Row>(playing, request as never, { resume: ({ k }) => ({ after: k }) }),
      );
      advance(30);
      expect(server.peers[0]?.sent[1]?.payload).to.deep.equal({ query: 'subscription { k }' });
      expect(sent).to.deep.equal([undefined, { after: 1 }]);
      expect(stream.values).to.deep.equal([row(1)]);
      playing.close();
    });

  test('may name a persisted document', () => {
    const { socket: playing, server } = rowSocket(['oa-1']);
    const stream = record(recover(playing, { documentId: 'k' }));
    advance(10);
    expect(server.peers[0]?.sent[1]?.payload).to.deep.equal({ documentId: 'k' });
    expect(stream.values).to.deep.equal([row(1)]);
    playing.close();
  });
});

describe('the keys of recover', () => {
  for (const [what, key] of [
    ['undefined', undefined],
    ['null', null],
    ['NaN', NaN],
    ['an object', {}],
    ['an object without a text', Object.create(null)],
    ['true', true],
  ] as const)
    test(`must not be ${what}: rows would pass for one another`, () => {
      const { socket: playing } = rowSocket(['oa-1']);
      const stream = record(recover(playing, 'subscription { k }', { key: () => key as never }));
      advance(10);
      expect(stream.error).to.include({ name: 'ConfigurationError', option: 'key' });
      expect(stream.error.message).to.match(
        /^expected `key` to be a function that returns a string, number or bigint, got /,
      );
    });

  for (const key of ['', 0, 5n])
    test(`may be ${typeof key}s`, () => {
      const { socket: playing } = rowSocket(['oa-1-2']);
      const stream = record(recover(playing, 'subscription { k }', { key: () => key }));
      advance(10);
      expect(stream.values).to.have.length(1);
      playing.close();
    });
});
