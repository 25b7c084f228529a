import { expect } from 'chai';
import { describe } from 'mocha';
import type { Codec } from '../../lib/index.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import { bench } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';

const dialect = (encode: Codec['encode']): Codec => ({
  ...graphqlTransportWs(),
  subprotocol: 'own',
  encode,
});
const own = { subprotocols: ['own'] };

describe('a dialect', () => {
  test('may read the payload of its init, with somebody at the wire', () => {
    const codec = dialect((message) => {
      if (message.type !== 'init') return graphqlTransportWs().encode(message);
      const { auth } = message.payload as { auth: { token: string } };
      return JSON.stringify({ type: 'connection_init', token: auth.token.trim() });
    });
    const { socket, at } = bench(
      { ...own, codecs: [codec], connectionParams: { auth: { token: 'canary' } } },
      accepts('own'),
    );
    const events = record(socket.events$);
    const stream = record(socket.subscribe$('subscription { a }'));
    advance(2);
    expect(at(0).sent[0]).to.deep.equal({ type: 'connection_init', token: 'canary' });
    expect(stream.error).to.equal(undefined);
    expect(JSON.stringify(events.values)).to.include('[redacted]').and.not.include('canary');
  });

  test('may write what JSON cannot', () => {
    const { encode } = graphqlTransportWs((_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    const codec = dialect(encode);
    const { socket, at } = bench({ ...own, codecs: [codec] }, accepts('own'));
    record(socket.subscribe$({ query: 'subscription { a }', variables: { n: 1n } }));
    advance(2);
    expect(at(0).frames.at(-1)?.text).to.include('"1n"');
  });

  test('shows on events$ by name; a name that nobody speaks may be a credential, and does not', () => {
    for (const [codecs, shown] of [
      [[dialect(graphqlTransportWs().encode)], 'own'],
      [[], '…'],
    ] as const) {
      const { socket } = bench({ ...own, codecs, retry: false }, accepts('own'));
      const opened = record(socket.events$);
      record(socket.subscribe$('subscription { a }'));
      advance(5);
      expect(opened.values[0]).to.include({ type: 'opened', subprotocol: shown });
      socket.close();
      advance(10);
    }
  });
});
