import { expect } from 'chai';
import { describe, it } from 'mocha';
import { of } from 'rxjs';
import type { SocketEvent } from 'rx-graphql-ws';
import { record, replay } from 'rx-graphql-ws/testing';
import { advance, record as follow, test } from '../helpers/test.js';
import { good } from './app-sync.js';
import { socketOver } from './marble-test.js';
import { begun, received, recordingOf, sent } from './recorded.js';

const canary = 'c4n4ry';
const shown = '[redacted]';

/** Records one event, and gives its line. */
function lineOf(event: Partial<SocketEvent>, errorTexts?: boolean): Record<string, unknown> {
  const lines: string[] = [];
  const whole = { at: 1, connection: 1, ...event } as SocketEvent;
  record(of(whole), { errorTexts }).subscribe((line) => lines.push(line));
  return JSON.parse(lines.at(-1)!) as Record<string, unknown>;
}

/** Records a frame of the server, and gives its text. */
function textOf(frame: string | object, errorTexts = false): unknown {
  const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
  const { id } = Object(frame) as { id?: string };
  const message = id === undefined ? { type: 'unknown', frame: text } : { type: 'complete', id };
  return lineOf({ type: 'received', message, text } as Partial<SocketEvent>, errorTexts).text;
}

const error = {
  message: `who is ${canary}?`,
  path: ['a', 0],
  locations: [{ line: 1, column: 2 }],
  extensions: { code: 'DENIED', errorType: 'Auth', n: 7, stack: [`at ${canary}`], in: null },
};
const clean = {
  ...{ message: shown, path: error.path, locations: error.locations },
  extensions: { code: 'DENIED', errorType: 'Auth', n: 7, stack: [shown], in: null },
};
const data = { errors: canary, a: { message: canary } };

describe('record with errorTexts: false', () => {
  for (const [what, frame, expected] of [
    ['an `error`', { type: 'error', id: '1', payload: [error] }, [clean]],
    ['a legacy `error`', { type: 'error', id: '1', payload: error }, clean],
    ['an `error` of AppSync', { type: 'error', payload: { errors: [error] } }, { errors: [clean] }],
    ['a `connection_error`', { type: 'connection_error', payload: canary }, shown],
    [
      'a result with errors',
      { type: 'next', id: '1', payload: { data, errors: [error] } },
      { data, errors: [clean] },
    ],
    [
      'an incremental result',
      {
        type: 'next',
        id: '1',
        payload: { incremental: [{ errors: [error], data }], hasNext: true },
      },
      { incremental: [{ errors: [clean], data }], hasNext: true },
    ],
    [
      'an incremental result that is no list',
      { type: 'data', id: '1', payload: { incremental: 7 } },
      { incremental: 7 },
    ],
  ] as const)
    it(`has no texts of ${what}`, () => {
      const { payload, ...rest } = JSON.parse(textOf(frame) as string) as Record<string, unknown>;
      expect(payload).to.deep.equal(expected);
      expect(frame).to.deep.include(rest);
      // without the option nothing changes
      expect(textOf(frame, true)).to.equal(JSON.stringify(frame));
    });

  for (const frame of [
    { type: 'next', id: '1', payload: { data } },
    { type: 'connection_ack', payload: { message: 'hi' } },
    { type: 'pong' },
    { type: 'complete', id: '1' },
  ])
    it(`leaves ${JSON.stringify(frame)} to the letter`, () => {
      expect(textOf(frame)).to.equal(JSON.stringify(frame));
    });

  it('has no frame whose contents are unknown, and everything of the client', () => {
    for (const frame of [`ROW|1|${canary}`, `["${canary}"]`]) expect(textOf(frame)).to.equal(shown);
    const text = `{"type":"error","payload":"${canary}"}`;
    const message = { type: 'terminate' } as const;
    expect(lineOf({ type: 'sent', message, text }, false)).to.have.property('text', text);
  });

  it('has no close reason', () => {
    const closed = { type: 'closed', code: 4403, reason: canary } as const;
    expect(lineOf(closed, false)).to.include({ closed: 4403, reason: shown });
    expect(lineOf(closed)).to.include({ reason: canary });
    expect(lineOf({ ...closed, reason: '' }, false)).to.include({ reason: '' });
  });

  it('is refused unless it is a boolean', () => {
    expect(() => record(of(), { errorTexts: 'no' as never })).to.throw(
      '`errorTexts` to be a boolean',
    );
  });

  test('replays the operation that failed, without the text of its error', () => {
    const failed = textOf({ type: 'error', id: '1', payload: [error] }) as string;
    const recording = recordingOf(...begun(), received(3, failed));
    const stream = follow(socketOver(replay(recording)).subscribe$('subscription { price }'));
    advance(10);
    expect(stream.error).to.deep.include({ name: 'OperationError', errors: [clean] });
  });
});

describe('record of AppSync', () => {
  const start = (variables: object, query = 'subscription { a }', id = '1') =>
    good.encode({ type: 'subscribe', id, payload: { query, variables } });
  const recordedStart = (text: string) => {
    const message = { type: 'complete', id: '1' } as const;
    return lineOf({ type: 'sent', message, text }).text as string;
  };

  it('removes credentials from the text `data`', () => {
    const text = recordedStart(start({ token: canary, by: { password: canary }, n: 7 }));
    expect(text).to.not.contain(canary);
    const { payload } = JSON.parse(text) as { payload: { data: string } };
    expect(JSON.parse(payload.data)).to.deep.equal({
      query: 'subscription { a }',
      variables: { token: shown, by: { password: shown }, n: 7 },
    });
    expect(recordedStart(start({}, `{ a(token: "${canary}") }`))).to.not.contain(canary);
  });

  it('keeps such a text to the letter if it has none, and texts that are no JSON', () => {
    for (const data of ['{ "query":"{ a }" }', '[1, 2]', '7', 'text', '{'])
      expect(recordedStart(JSON.stringify({ type: 'start', id: '1', payload: { data } }))).to.equal(
        JSON.stringify({ type: 'start', id: '1', payload: { data } }),
      );
  });

  for (const [what, variables, query] of [
    ['the same request with other credentials', { token: 'other', n: 2 }, 'subscription { b }'],
    ['the same document', { n: 9 }, 'subscription { b }'],
  ] as const)
    test(`is replayed to ${what}`, () => {
      const [a, b] = ['a', 'b'].map((field, at) => {
        const variables = { token: canary, n: at + 1 };
        return recordedStart(start(variables, `subscription { ${field} }`, String(at + 1)));
      });
      const answer = (id: string) => received(3, { type: 'data', id, payload: { data: id } });
      const [opened, ...rest] = begun('graphql-ws').slice(0, 3);
      const lines = [opened!, ...rest, sent(2, a!), sent(2, b!), answer('1'), answer('2')];
      const config = { codecs: [good], subprotocols: ['graphql-ws'] };
      const socket = socketOver(replay(recordingOf(...lines)), config);
      const stream = follow(socket.subscribe$({ query, variables }));
      advance(20);
      expect(stream.values).to.deep.equal(['2']);
    });
});
