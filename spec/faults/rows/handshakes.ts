import { expect } from 'chai';
import { NEVER } from 'rxjs';
import type { Row } from '../row.js';
import { holds } from '../holds.js';
import { fails, faults, play, row, survives, tolerates } from './faults.js';

const { handshakes } = faults;
const always = Infinity;
const asked = () => ({ token: 'asked for' });
const legacy = { subprotocols: ['graphql-ws'] };

const closed = (id: string, code: number, dials = 1): Row =>
  row(
    id,
    `close ${code} instead of an ack`,
    fails('ConnectionClosedError', { code }, dials),
    handshakes({ close: code, reason: 'said the server' }, always),
  );

const payloads = [null, [], 'text', { connectionTimeoutMs: 0 }, { connectionTimeoutMs: 1e12 }];

/** Section B: the handshake of the GraphQL protocol. */
export const handshakeRows: readonly Row[] = [
  row('B2-twice', 'two acks', tolerates, handshakes('ack-twice')),
  row('B3-early', 'an ack before the init', survives, handshakes('ack-before-init')),
  row('B4-result', 'a result before the ack', survives, handshakes('result-before-ack')),
  row('B5-heartbeat', 'a ping before the ack', tolerates, handshakes('heartbeat-before-ack')),
  row('B5-ka', '`ka` before the ack', tolerates, handshakes('heartbeat-before-ack'), {
    server: legacy,
  }),
  row(
    'B6-constant',
    '`connection_error`, with constant credentials',
    fails('HandshakeError', { kind: 'rejected' }),
    handshakes({ reject: { message: 'no' } }, always),
    { server: legacy },
  ),
  row(
    'B6-refreshed',
    '`connection_error` once, the credentials being a function',
    survives,
    handshakes({ reject: { message: 'no' } }),
    { server: legacy, connectionParams: asked },
  ),
  row(
    'B7-null',
    '`connection_error` without a payload, and without a close',
    fails('HandshakeError', { kind: 'rejected' }),
    handshakes({ reject: null, code: false }, always),
    { server: legacy },
  ),
  ...payloads.map((ack): Row =>
    row(
      `B8-${JSON.stringify(ack)}`,
      `an ack whose payload is ${JSON.stringify(ack)}`,
      tolerates,
      handshakes({ ack }),
    ),
  ),
  row('B9-rejects', 'connectionParams() rejects with 300 × é', fails('ConnectionError', {}, 0), {
    also: ['G5'],
    connectionParams: () => Promise.reject(new Error('é'.repeat(300))),
  }),
  row(
    'B10-4408',
    'close 4408 instead of an ack',
    survives,
    handshakes({ close: 4408, reason: 'too slow' }),
  ),
  ...[4400, 4500].map((code): Row =>
    row(
      `D10-${code}-early`,
      `close ${code} instead of an ack`,
      survives,
      handshakes({ close: code }),
    ),
  ),
  closed('B11-4429', 4429),
  closed('B12-4401', 4401),
  closed('B12-4403', 4403),
  { ...closed('B12-refused', 4403, 2), connectionParams: asked },
  // with the legacy protocol once more, as a stock legacy server may have meant it
  closed('B13-4406', 4406, 2),
  {
    ...play(
      'B14-queue',
      '2 000 operations before the ack',
      async ({ server: { ledger }, socket }) => {
        const count = 2_000;
        for (let n = 0; n < count; n += 1)
          socket.subscribe$(`subscription Op${n} { rows }`).subscribe();
        expect(await holds(() => ledger.counts.started === count), 'all started').to.equal(true);
        const names = ledger.operations.map(({ request }) => /Op\d+/.exec(request.query)?.[0]);
        expect(names).to.deep.equal(Array.from({ length: count }, (_, n) => `Op${n}`));
      },
    ),
    server: { feed: undefined, handle: () => NEVER, ackDelay: 100 },
    // the server is in this process: it cannot answer while they are made
    options: () => ({ connectTimeout: 10_000, ackTimeout: 10_000 }),
  },
];
