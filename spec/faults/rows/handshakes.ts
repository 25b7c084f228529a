import { expect } from 'chai';
import { NEVER } from 'rxjs';
import type { Row } from '../row.js';
import { holds } from '../holds.js';
import { fails, plays, survives, tolerates } from './expectations.js';
import { faults } from './faults.js';

const { handshakes } = faults;
const always = Infinity;
const asked = () => ({ token: 'asked for' });
const legacy = { subprotocols: ['graphql-ws'] };

const closed = (id: string, code: number, dials = 1): Row => ({
  id,
  name: `close ${code} instead of an ack`,
  ...handshakes({ close: code, reason: 'said the server' }, always),
  ...fails('ConnectionClosedError', { code }, dials),
});

const payloads = [null, [], 'text', { connectionTimeoutMs: 0 }, { connectionTimeoutMs: 1e12 }];

/** Section B: the handshake of the GraphQL protocol. */
export const handshakeRows: readonly Row[] = [
  { id: 'B2-twice', name: 'two acks', ...handshakes('ack-twice'), ...tolerates },
  { id: 'B3-early', name: 'an ack before the init', ...handshakes('ack-before-init'), ...survives },
  {
    id: 'B4-result',
    name: 'a result before the ack',
    ...handshakes('result-before-ack'),
    ...survives,
  },
  {
    id: 'B5-heartbeat',
    name: 'a ping before the ack',
    ...handshakes('heartbeat-before-ack'),
    ...tolerates,
  },
  {
    id: 'B5-ka',
    name: '`ka` before the ack',
    server: legacy,
    ...handshakes('heartbeat-before-ack'),
    ...tolerates,
  },
  {
    id: 'B6-constant',
    name: '`connection_error`, with constant credentials',
    server: legacy,
    ...handshakes({ reject: { message: 'no' } }, always),
    ...fails('HandshakeError', { kind: 'rejected' }),
  },
  {
    id: 'B6-refreshed',
    name: '`connection_error` once, the credentials being a function',
    server: legacy,
    connectionParams: asked,
    ...handshakes({ reject: { message: 'no' } }),
    ...survives,
  },
  {
    id: 'B7-null',
    name: '`connection_error` without a payload, and without a close',
    server: legacy,
    ...handshakes({ reject: null, code: false }, always),
    ...fails('HandshakeError', { kind: 'rejected' }),
  },
  ...payloads.map((ack): Row => ({
    id: `B8-${JSON.stringify(ack)}`,
    name: `an ack whose payload is ${JSON.stringify(ack)}`,
    ...handshakes({ ack }),
    ...tolerates,
  })),
  {
    id: 'B9-rejects',
    also: ['G5'],
    name: 'connectionParams() rejects with 300 × é',
    connectionParams: () => Promise.reject(new Error('é'.repeat(300))),
    ...fails('ConnectionError', {}, 0),
  },
  {
    id: 'B10-4408',
    name: 'close 4408 instead of an ack',
    ...handshakes({ close: 4408, reason: 'too slow' }),
    ...survives,
  },
  ...[4400, 4500].map((code): Row => ({
    id: `D10-${code}-early`,
    name: `close ${code} instead of an ack`,
    ...handshakes({ close: code }),
    ...survives,
  })),
  closed('B11-4429', 4429),
  closed('B12-4401', 4401),
  closed('B12-4403', 4403),
  { ...closed('B12-refused', 4403, 2), connectionParams: asked },
  // with the legacy protocol once more, as a stock legacy server may have meant it
  closed('B13-4406', 4406, 2),
  {
    id: 'B14-queue',
    name: '2 000 operations before the ack',
    server: { feed: undefined, handle: () => NEVER, ackDelay: 100 },
    // the server is in this process: it cannot answer while they are made
    options: () => ({ connectTimeout: 10_000, ackTimeout: 10_000 }),
    ...plays(async ({ server: { ledger }, socket }) => {
      const count = 2_000;
      for (let n = 0; n < count; n += 1)
        socket.subscribe$(`subscription Op${n} { rows }`).subscribe();
      expect(await holds(() => ledger.counts.started === count), 'all started').to.equal(true);
      const names = ledger.operations.map(({ request }) => /Op\d+/.exec(request.query)?.[0]);
      expect(names).to.deep.equal(Array.from({ length: count }, (_, n) => `Op${n}`));
    }),
  },
];
