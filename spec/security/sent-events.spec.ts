import { expect } from 'chai';
import { describe } from 'mocha';
import { bench } from '../helpers/bench.js';
import type { SocketEvent } from '../../lib/transport/events.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import { protocols } from '../helpers/wire.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';

type Sent = SocketEvent & { readonly type: 'sent' };

const persistedQuery = { version: 1, sha256Hash: 'abc' };
const extensions = { authorization: { Authorization: 'token' }, trace: 'on', persistedQuery };
const variables = { token: 'shown' };
const shown = { authorization: '[redacted]', trace: '[redacted]', persistedQuery };

describe('an event of what was sent', () => {
  for (const { subprotocol } of protocols)
    test(`hides the values in extensions, on ${subprotocol}, and nothing of what is sent`, () => {
      const { socket, messages } = bench({}, accepts(subprotocol));
      const events = record(socket.events$);
      record(socket.subscribe$({ query: 'subscription { a }', variables, extensions }));
      advance(5);
      const sent = events.values.filter((event): event is Sent => event.type === 'sent');
      const { message, text } = sent.at(-1)!;
      const payload = { query: 'subscription { a }', variables, extensions: shown };
      expect(message).to.deep.equal({ type: 'subscribe', id: '1', payload });
      expect(JSON.parse(text)).to.have.property('payload').that.deep.equals(payload);
      expect(messages().at(-1))
        .to.have.nested.property('payload.extensions')
        .that.deep.equals(extensions);
    });

  for (const further of [{}, { extensions }])
    test(`hides the values of further fields${further.extensions ? ' beside extensions' : ''}, the id of a document too`, () => {
      const { socket, messages } = bench();
      const events = record(socket.events$);
      const ids = { documentId: 'abc', doc_id: '7' };
      const request = { ...ids, variables, token: 'secret', auth: { token: 'secret' }, ...further };
      record(socket.subscribe$(request));
      advance(5);
      const sent = events.values.filter((event): event is Sent => event.type === 'sent');
      const { message, text } = sent.at(-1)!;
      const payload = {
        ...{ documentId: '[redacted]', doc_id: '[redacted]', variables },
        ...{ token: '[redacted]', auth: '[redacted]' },
        ...(further.extensions && { extensions: shown }),
      };
      expect(message).to.deep.equal({ type: 'subscribe', id: '1', payload });
      expect(JSON.parse(text)).to.deep.equal(message);
      expect(messages().at(-1)).to.have.deep.property('payload', request);
    });

  test('is the frame itself, where there is nothing to hide', () => {
    const { socket } = bench();
    const events = record(socket.events$);
    record(socket.subscribe$({ query: 'subscription { a }', variables }));
    advance(5);
    const sent = events.values.filter((event): event is Sent => event.type === 'sent');
    expect(sent.map(({ text }) => text)).to.deep.equal([
      '{"type":"connection_init"}',
      '{"type":"subscribe","id":"1","payload":{"query":"subscription { a }","variables":{"token":"shown"}}}',
    ]);
  });

  test('has no text where the dialect cannot write what is left', () => {
    const codec = graphqlTransportWs();
    const picky = {
      ...codec,
      encode(message: Parameters<typeof codec.encode>[0]) {
        const { payload } = message as { payload?: { extensions?: { trace?: string } } };
        if (payload?.extensions?.trace === '[redacted]') throw new Error('no trace');
        return codec.encode(message);
      },
    };
    const { socket } = bench({ codecs: [picky] });
    const events = record(socket.events$);
    const stream = record(socket.subscribe$({ query: 'subscription { a }', extensions }));
    advance(5);
    const last = events.values.filter((event): event is Sent => event.type === 'sent').at(-1)!;
    expect(last.text).to.equal('[redacted]');
    expect(stream.error).to.equal(undefined);
  });
});
