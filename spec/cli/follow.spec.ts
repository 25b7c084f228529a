import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Subject } from 'rxjs';
import {
  ConnectionClosedError,
  SilentDisconnectError,
  type GraphQLSocketError,
  type SocketStatus,
} from 'rx-graphql-ws';
import { follow, type Tally } from '../../lib/cli/follow.js';
import { parseCommandLine } from '../../lib/cli/command-line.js';
import { printable } from '../../lib/cli/printable.js';

const waiting = (
  error: GraphQLSocketError = new SilentDisconnectError('silence', 1),
): SocketStatus => ({ state: 'waiting', attempt: 1, delay: 1, until: 1, error, since: 0 });

const connected: SocketStatus = {
  state: 'connected',
  subprotocol: 'graphql-ws',
  ackPayload: undefined,
  since: 0,
};

function followed(seconds?: number) {
  const status = new Subject<SocketStatus>();
  const results = new Subject<number>();
  const tallies: Tally[] = [];
  let ended = false;
  const subscription = follow(status, results, seconds).subscribe({
    next: (tally) => tallies.push(tally),
    complete: () => (ended = true),
  });
  return { status, results, subscription, last: () => tallies.at(-1), ended: () => ended };
}

describe('follow', () => {
  it('counts results, connections and silent disconnects', () => {
    const { status, results, subscription, last } = followed();
    expect(last()).to.deep.equal({
      results: 0,
      connections: 0,
      silentDisconnects: 0,
      recovered: false,
    });
    status.next(connected);
    results.next(2);
    results.next(3);
    expect(last()).to.deep.include({ results: 5, connections: 1, recovered: false });
    status.next(waiting());
    expect(last()).to.deep.include({ silentDisconnects: 1, recovered: false });
    status.next(connected);
    expect(last()).to.deep.include({ connections: 2, recovered: false });
    results.next(1);
    expect(last()).to.deep.include({ results: 6, silentDisconnects: 1, recovered: true });
    status.next(waiting(new ConnectionClosedError(1006, '', false)));
    expect(last()).to.deep.include({ silentDisconnects: 1, recovered: true });
    status.next(waiting());
    expect(last()).to.deep.include({ silentDisconnects: 2, recovered: false });
    subscription.unsubscribe();
    expect([status.observed, results.observed]).to.deep.equal([false, false]);
  });

  it('ends with the stream', () => {
    const { status, results, last, ended } = followed();
    results.complete();
    expect(last()).to.include({ end: 'completed' });
    expect([ended(), status.observed]).to.deep.equal([true, false]);
  });

  it('ends with the error of the stream, as a value', () => {
    const { results, last, ended } = followed();
    const error = new Error('x');
    results.error(error);
    expect(last()).to.include({ end: 'failed', error });
    expect(ended()).to.equal(true);
  });

  it('ends when the time is over', async () => {
    const { results, last, ended } = followed(0.01);
    expect(ended()).to.equal(false);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(last()).to.include({ end: 'over' });
    expect(results.observed).to.equal(false);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`ends at ${signal}, and listens no more`, () => {
      const before = process.listenerCount(signal);
      const { last } = followed();
      expect(process.listenerCount(signal)).to.equal(before + 1);
      process.emit(signal);
      expect(last()).to.include({ end: 'interrupted' });
      expect(process.listenerCount(signal)).to.equal(before);
    });
});

const url = 'ws://127.0.0.1:9/graphql?token=s3cret';

describe('parseCommandLine', () => {
  it('asks for the demo of 20 s when nothing is given', () => {
    expect(parseCommandLine([])).to.deep.equal({ kind: 'demo', seconds: 20 });
    expect(parseCommandLine(['--seconds', '1.5'])).to.deep.equal({ kind: 'demo', seconds: 1.5 });
  });

  it('asks for an endpoint when a URL is given', () => {
    const endpoint = { kind: 'endpoint', url, query: '{ a }', variables: {}, seconds: undefined };
    expect(parseCommandLine(['--url', url, '--query', '{ a }'])).to.deep.equal(endpoint);
    expect(
      parseCommandLine(['--variables={"a":[1]}', `--url=${url}`, '--query={ a }', '--seconds=3']),
    ).to.deep.equal({ ...endpoint, variables: { a: [1] }, seconds: 3 });
  });

  it('asks for help, whatever else is given', () => {
    expect(parseCommandLine(['-h', '--seconds', 'x'])).to.deep.equal({ kind: 'help' });
  });

  const mistakes: Record<string, [readonly string[], RegExp]> = {
    'an unknown option': [['--sekonds', '4'], /'--sekonds'/],
    'an option without its value': [['--url'], /'--url/],
    'seconds that are no number': [['--seconds', 'ten'], /--seconds must be .*, got "ten"/],
    'no seconds': [['--seconds='], /--seconds must be .*, got ""/],
    'seconds ≤ 0': [['--seconds', '0'], /--seconds must be .*, got "0"/],
    'seconds beyond a timer': [['--seconds', '1e9'], /--seconds must be .*, got "1e9"/],
    'a URL that is none': [['--url', 's3cret', '--query', 'x'], /--url must be/],
    'a URL of another kind': [['--url', 'file:///s3cret', '--query', 'x'], /--url must be/],
    'a URL without a query': [['--url', url], /--url needs a --query/],
    'a query without a URL': [['--query', 'x'], /--query .*--url/],
    'variables without a URL': [['--variables', '{}'], /--variables .*--url/],
    'variables that are no JSON': [
      ['--url', url, '--query', 'x', '--variables', '{'],
      /--variables must be a JSON object, got "\{"/,
    ],
    'variables that are no object': [
      ['--url', url, '--query', 'x', '--variables', '[1]'],
      /--variables must be a JSON object, got "\[1\]"/,
    ],
    'a stray argument': [[url], /unexpected argument/],
  };
  for (const [name, [args, message]] of Object.entries(mistakes))
    it(`refuses ${name}, without repeating a URL`, () => {
      const command = parseCommandLine(args);
      expect(command.kind).to.equal('mistake');
      expect(command).to.have.property('message').that.matches(message).and.not.contains('s3cret');
    });
});

describe('printable', () => {
  it('leaves text alone', () => {
    for (const text of ['', 'a b', '{"a":"ü € 漢 🙂"}']) expect(printable(text)).to.equal(text);
  });

  it('escapes control, format, separator and lone surrogate characters', () => {
    expect(printable('\u001b[31m\n\u009b\u202e\u2028\ufeff\ud800')).to.equal(
      '\\u001b[31m\\u000a\\u009b\\u202e\\u2028\\ufeff\\ud800',
    );
    expect(printable('\u{e0041}')).to.equal('\\udb40\\udc41');
  });

  it('keeps JSON the same JSON', () => {
    const value = { text: 'a\u009b\u2029\u{e0041}\u0007' };
    expect(JSON.parse(printable(JSON.stringify(value)))).to.deep.equal(value);
  });
});
