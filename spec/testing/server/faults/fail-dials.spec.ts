import { expect } from 'chai';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import { dialFaultNames, type DialFault } from 'rx-graphql-ws/testing/server';
import { WebSocket } from 'ws';
import { failureOf } from '../../../helpers/failure-of.js';
import { useCalm } from '../../../helpers/net/use-calm.js';
import { useServer } from '../../../helpers/use-server.js';
import { useSocket } from '../../../helpers/use-socket.js';
import { connect, current, dial, legacy } from '../raw-client.js';
import { connectionNumber } from './survival.js';

type Named = Extract<DialFault, string>;

/** What `ws` has to say. */
const messages: Readonly<Record<Exclude<Named, 'other-dialect' | 'tls-stall'>, RegExp>> = {
  'no-answer': /^Opening handshake has timed out$/,
  end: /^socket hang up$/,
  reset: /^read ECONNRESET$/,
  'not-http': /^Parse Error: Expected HTTP/,
  'huge-header': /^Parse Error: Header overflow$/,
  'many-headers': /^Parse Error: Header overflow$/,
  'wrong-accept': /^Invalid Sec-WebSocket-Accept header$/,
  'no-upgrade-header': /^Unexpected server response: 101$/,
  'unoffered-extension': /^Server sent a Sec-WebSocket-Extensions header/,
  'no-subprotocol': /^Server sent no subprotocol$/,
  'unknown-subprotocol': /^Server sent an invalid subprotocol$/,
};

const failureAt = (url: string, options = {}) =>
  dial(url, current, { handshakeTimeout: 100, ...options }).then(
    () => 'opened',
    (error: unknown) => (error as Error).message,
  );

describe('failDials', () => {
  const serve = useServer();
  const socketTo = useSocket();
  useCalm();

  for (const [name, message] of Object.entries(messages))
    it(`${name} is ${message.source} to ws`, async () => {
      const server = await serve();
      server.failDials(name as Named);
      expect(await failureAt(server.url)).to.match(message);
      await connect(server.url);
      expect(server.ledger.upgrades).to.have.length(2);
    });

  for (const name of dialFaultNames.filter((each) => !/subprotocol|dialect/.test(each)))
    it(`${name} is survived by a subscription`, async () => {
      const server = await serve({ handle: connectionNumber, tls: 'self-signed' });
      server.failDials(name);
      const socket = socketTo({
        url: server.url,
        connectTimeout: 300,
        ackTimeout: 300,
        webSocketOptions: { ca: server.certificate },
        subprotocols: [legacy],
      });
      const states: unknown[] = [];
      socket.status$.subscribe((status) => {
        states.push(status.state === 'waiting' ? status.error.name : status.state);
      });
      const connection = await firstValueFrom(socket.subscribe$('subscription { a }'));
      expect(connection).to.equal(1);
      expect(states).to.include('ConnectionError');
    });

  it('selects one protocol and speaks the other', async () => {
    const server = await serve({ handle: () => [{ data: 1 }] });
    server.failDials('other-dialect', 2);
    const request = { id: '1', payload: { query: '{ a }' } };
    const one = await connect(server.url, current);
    expect(one.socket.protocol).to.equal(current);
    one.send({ type: 'start', ...request });
    expect(await one.next()).to.include({ type: 'data', id: '1' });
    const two = await connect(server.url, legacy);
    expect(two.socket.protocol).to.equal(legacy);
    two.send({ type: 'subscribe', ...request });
    expect(await two.next()).to.include({ type: 'next', id: '1' });
    expect(server.ledger.opened.map(({ subprotocol }) => subprotocol)).to.deep.equal([
      current,
      legacy,
    ]);
    server.failDials('other-dialect');
    const three = await connect(server.url, legacy);
    server.garble('payload-null', '7');
    expect(await three.next()).to.deep.equal({ type: 'next', id: '7', payload: null });
  });

  it('other-dialect refuses what is said in the protocol selected: the subscription is to blame, the next goes on', async () => {
    const server = await serve({ handle: connectionNumber });
    server.failDials('other-dialect');
    const socket = socketTo({ url: server.url, subprotocols: [legacy] });
    const subscription$ = socket.subscribe$('subscription { a }');
    const error = await failureOf(subscription$, 'ConnectionClosedError');
    expect(error).to.include({ code: 4400, reason: 'Invalid message type' });
    await server.ledger.until('closed', ({ code }) => code === 4400);
    expect(await firstValueFrom(subscription$)).to.equal(2);
  });

  it('other-dialect closes with 4406 whom the server does not speak with', async () => {
    const server = await serve({ fallback: false });
    server.failDials('other-dialect');
    expect((await (await dial(server.url, [])).closed).code).to.equal(4406);
  });

  it('no-subprotocol speaks the fallback with whom minds not', async () => {
    const server = await serve({ handle: connectionNumber });
    server.failDials('no-subprotocol', Infinity);
    const socket = socketTo({ url: server.url });
    expect(await firstValueFrom(socket.subscribe$('subscription { a }'))).to.equal(2);
    expect(server.ledger.opened[1]!.subprotocol).to.equal('');
    expect(server.ledger.messages.map(({ type }) => type)).to.include('start');
  });

  it('unknown-subprotocol is a HandshakeError, and final', async () => {
    const server = await serve();
    server.failDials('unknown-subprotocol');
    const error = await failureOf(socketTo({ url: server.url }).query$('{ a }'), 'HandshakeError');
    expect(error.kind).to.equal('subprotocol');
  });

  it('tls-stall leaves the handshake of TLS unanswered, until the client gives up', async () => {
    const server = await serve({ tls: 'self-signed' });
    const options = { ca: server.certificate };
    server.failDials('tls-stall', 2);
    expect(await failureAt(server.url, options)).to.match(/timed out/);
    expect(await failureAt(server.url, options)).to.match(/timed out/);
    expect(server.ledger.upgrades).to.deep.equal([]);
    const secure = await dial(server.url, current, options);
    server.failDials('tls-stall');
    const tcp = connectTcp(Number(new URL(server.url).port), '127.0.0.1');
    await once(tcp, 'connect');
    tcp.resetAndDestroy();
    await delay(20);
    expect(secure.socket.readyState).to.equal(WebSocket.OPEN);
  });

  it('tls-stall ends with the server', async () => {
    const server = await serve({ tls: 'self-signed' });
    server.failDials('tls-stall');
    const failed = failureAt(server.url, { ca: server.certificate, handshakeTimeout: 5_000 });
    await delay(20);
    await server.stop();
    expect(await failed).to.match(/disconnected|hang up|ECONNRESET/);
  });

  it('reset resets under TLS, too, and no other connection', async () => {
    const server = await serve({ tls: 'self-signed' });
    const other = await dial(server.url, current, { ca: server.certificate });
    server.failDials('reset');
    expect(await failureAt(server.url, { ca: server.certificate })).to.match(/ECONNRESET|hang up/);
    other.send({ type: 'connection_init' });
    expect(await other.next()).to.deep.equal({ type: 'connection_ack' });
  });

  it('answers with HTTP', async () => {
    const server = await serve({ handle: connectionNumber });
    server.failDials({ status: 503, headers: { 'Retry-After': '1' }, body: 'later' });
    server.failDials({ status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>' });
    const response = await responseAt(server.url);
    expect(response).to.deep.include({ status: 503, body: 'later' });
    expect(response.headers).to.include({ 'retry-after': '1' });
    expect(await responseAt(server.url)).to.deep.include({ status: 200, body: '<html>' });
    server.failDials({ status: 302, headers: { Location: 'ws://127.0.0.1:1/' } });
    const error = await failureOf(socketTo({ url: server.url }).query$('{ a }'), 'ConnectionError');
    expect(error.status).to.equal(302);
  });

  it('unoffered-extension is all that is wrong, whatever was offered', async () => {
    const server = await serve();
    server.failDials('unoffered-extension', 2);
    for (const offer of [[], [legacy, current]]) {
      const error: unknown = await dial(server.url, offer).catch((reason: unknown) => reason);
      expect((error as Error).message).to.match(messages['unoffered-extension']);
    }
  });

  it('answers with any bytes', async () => {
    const server = await serve();
    server.failDials({ bytes: 'HTTP/1.1 10' });
    server.failDials({ bytes: Uint8Array.of(0, 0xff, 0x0d, 0x0a) });
    expect(await failureAt(server.url)).to.equal('socket hang up');
    expect(await failureAt(server.url)).to.match(/^Parse Error/);
  });

  it('drips: the idle timeout of ws does not fire, connectTimeout does', async () => {
    const server = await serve();
    server.failDials({ drip: 1 }, 2);
    const idle = failureAt(server.url);
    const socket = socketTo({ url: server.url, connectTimeout: 150, retry: false });
    const error = await failureOf(socket.query$('{ a }'), 'ConnectionError');
    expect(error.message).to.match(/within 150 ms$/);
    expect(await Promise.race([idle, delay(50, 'dialling')])).to.equal('dialling');
    await server.stop();
    await idle;
  });

  it('fails so many dials, one call after the other, and none elsewhere', async () => {
    const server = await serve();
    server.failDials('end', 2);
    server.failDials('wrong-accept');
    expect(await failureAt(`${server.url}/other`)).to.match(/404/);
    for (const message of [messages.end, messages.end, messages['wrong-accept']])
      expect(await failureAt(server.url)).to.match(message);
    await connect(server.url);
  });

  it('fails dials until accept()', async () => {
    const server = await serve();
    server.failDials('end', Infinity);
    for (let i = 0; i < 5; i++) expect(await failureAt(server.url)).to.match(messages.end);
    server.accept();
    await connect(server.url);
  });

  const misuse: readonly (readonly [DialFault, number, string])[] = [
    ['no-anwser' as 'no-answer', 1, "unknown dial fault 'no-anwser': did you mean 'no-answer'?"],
    ['tls-stall', 1, "the dial fault 'tls-stall' needs a server with the option `tls`"],
    [{ drip: -1 }, 1, 'expected `drip` to be a number of milliseconds ≥ 0, got -1 (number)'],
    [{ status: 1_000 }, 1, 'expected `status` to be an HTTP status from 100 to 999, got 1000'],
    ['end', 0, 'expected `times` to be a whole number ≥ 1 or Infinity, got 0 (number)'],
    ['end', 1.5, 'expected `times` to be a whole number ≥ 1 or Infinity, got 1.5 (number)'],
  ];
  for (const [fault, times, message] of misuse)
    it(`refuses ${JSON.stringify(fault)}, ${times}`, async () => {
      const server = await serve();
      expect(() => {
        server.failDials(fault, times);
      }).to.throw(TypeError, message);
      await connect(server.url);
    });
});

async function responseAt(url: string) {
  const socket = new WebSocket(url, current);
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}
