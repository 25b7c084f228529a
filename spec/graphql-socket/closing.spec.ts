import { expect } from 'chai';
import { describe } from 'mocha';
import { bench } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';

const CLOSING = 2;

describe('a socket whose end has begun', () => {
  test('is sent nothing, and nothing is said to have been sent', () => {
    const { socket, at, sockets } = bench({}, accepts(), accepts());
    const sent: string[] = [];
    socket.events$.subscribe((event) => {
      if (event.type === 'sent') sent.push(event.message.type);
    });
    record(socket.connection$);
    advance(2);
    sockets[0]!.readyState = CLOSING;
    record(socket.mutate$('mutation { a }', { sendWithin: 1_000 }));
    advance(100);
    expect(sent).to.deep.equal(['init']);
    at(0).close(1001, '');
    advance(20);
    expect(at(1).sent.map(({ type }) => type)).to.deep.equal(['connection_init', 'subscribe']);
  });

  test('does not count as sent within the time given, and it never is', () => {
    const { socket, at, sockets } = bench({}, accepts(), accepts());
    record(socket.connection$);
    advance(2);
    sockets[0]!.readyState = CLOSING;
    const mutation = record(socket.mutate$('mutation { a }', { sendWithin: 50, resend: true }));
    advance(60);
    expect(mutation.error).to.include({ name: 'ConnectionError' });
    at(0).close(1001, '');
    advance(30);
    expect(at(1).sent.map(({ type }) => type)).to.deep.equal(['connection_init']);
  });

  test('takes no operation of its connection', () => {
    const { socket, sockets } = bench();
    const held = record(socket.connection$);
    advance(2);
    sockets[0]!.readyState = CLOSING;
    const late = record(held.values[0]!.execute('mutation { a }'));
    advance(1);
    expect(late.error).to.include({ name: 'ConnectionClosedError' });
  });
});
