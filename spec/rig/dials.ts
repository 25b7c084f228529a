import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fromEvent, interval, takeUntil, tap } from 'rxjs';
import type { HttpRefusal } from 'rx-graphql-ws/testing/server';
import { refuseUpgrade } from '../../lib/testing/server/upgrades.js';
import type { ServedSocket } from '../../lib/testing/server/create-peer.js';
import { currentDialect, legacyDialect } from '../../lib/testing/server/dialects.js';

interface Dial {
  readonly incoming: IncomingMessage;
  readonly stream: Duplex;
}

/** Answers a dial and returns `false`, or lets it through. */
export type ServerDialFault = (dial: Dial) => boolean;

const switching = 'HTTP/1.1 101 Switching Protocols\r\n';
const upgraded = ['Upgrade: websocket', 'Connection: Upgrade'];

/** Faults that open no WebSocket. */
const failures = {
  /** The connection stays open, and the server says nothing. */
  'no-answer': () => undefined,
  end: ({ stream }) => void stream.end(),
  reset: ({ stream }, reset) => reset(stream),
  'not-http': ({ stream }) => void stream.end('SSH-2.0-OpenSSH_9.6\r\n'),
  'huge-header': ({ stream }) => void stream.write(`${switching}A: ${'b'.repeat(2 ** 20)}\r\n\r\n`),
  'many-headers': ({ stream }) => void stream.write(`${switching}${'A: b\r\n'.repeat(50_000)}\r\n`),
  'wrong-accept': answer(() => [...upgraded, 'Sec-WebSocket-Accept: bm90IHlvdXJz']),
  'no-upgrade-header': answer((accept) => ['Connection: Upgrade', accept]),
  'unoffered-extension': answer((accept) => [
    ...upgraded,
    accept,
    'Sec-WebSocket-Extensions: x-nobody-asked',
  ]),
} satisfies Record<string, (dial: Dial, reset: (stream: Duplex) => void) => void>;

/** Faults that open a WebSocket which is not as it seems. */
const lies = {
  'no-subprotocol': ({ stream }) => claim(stream, ''),
  'unknown-subprotocol': ({ stream }) =>
    claim(stream, 'Sec-WebSocket-Protocol: nobody-offered-this\r\n'),
  'other-dialect': ({ stream }) => void crossed.add(stream),
} satisfies Record<string, (dial: Dial) => void>;

/** The streams of sockets that speak the protocol which was not selected. */
const crossed = new WeakSet<Duplex>();

/** Called with each socket that has opened. */
export function crossDialects(served: ServedSocket): void {
  if (!crossed.has(served.stream)) return;
  const dialect = served.dialect === currentDialect ? legacyDialect : currentDialect;
  Object.assign(served, { dialect });
}

/** Replaces the subprotocol in the answer to the dial, which is the first that the server writes. */
function claim(stream: Duplex, header: string): void {
  const { write } = stream;
  stream.write = (answer: unknown, ...rest: unknown[]) => {
    stream.write = write;
    const text = String(answer).replace(/Sec-WebSocket-Protocol: .*\r\n/, header);
    return (write as (...args: unknown[]) => boolean).call(stream, text, ...rest);
  };
}

/** `tls-stall` needs a server with the option `tls`, and counts TCP connections. */
export type DialFaultName = keyof typeof failures | keyof typeof lies | 'tls-stall';

export const dialFaultNames = [
  ...Object.keys(failures),
  ...Object.keys(lies),
  'tls-stall',
] as readonly DialFaultName[];

/** `bytes` is the whole answer, then FIN; `drip` is an answer without end, a byte every so many ms. */
export type DialFault =
  DialFaultName | HttpRefusal | { readonly bytes: string | Uint8Array } | { readonly drip: number };

/** @param reset - ends a TCP connection with RST */
export function toDialFault(
  fault: Exclude<DialFault, 'tls-stall'>,
  reset: (stream: Duplex) => void,
): ServerDialFault {
  if (typeof fault === 'string' && fault in lies)
    return (dial) => {
      lies[fault as keyof typeof lies](dial);
      return true;
    };
  return (dial) => {
    const { stream } = dial;
    // An HTTP server's connection outlives the client's FIN, and an unread one never sees it.
    stream.on('end', () => stream.destroy()).resume();
    if (typeof fault === 'string') failures[fault as keyof typeof failures](dial, reset);
    else if ('bytes' in fault) stream.end(fault.bytes);
    else if ('drip' in fault) drip(fault.drip, stream);
    else refuseUpgrade(stream, fault);
    return false;
  };
}

function answer(headers: (accept: string) => readonly string[]) {
  return ({ incoming, stream }: Dial): void => {
    const { 'sec-websocket-key': key, 'sec-websocket-protocol': offer } = incoming.headers;
    // RFC 6455, section 1.3
    const hash = createHash('sha1').update(`${String(key)}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    const lines = [
      ...headers(`Sec-WebSocket-Accept: ${hash.digest('base64')}`),
      ...(offer === undefined ? [] : [`Sec-WebSocket-Protocol: ${offer.replace(/,.*/, '')}`]),
    ];
    stream.write(`${switching}${lines.join('\r\n')}\r\n\r\n`);
  };
}

function drip(everyMs: number, stream: Duplex): void {
  const head = `${switching}X-Drip: `;
  interval(everyMs)
    .pipe(
      tap((at) => stream.write(head[at] ?? 'x')),
      takeUntil(fromEvent(stream, 'close')),
    )
    .subscribe();
}
