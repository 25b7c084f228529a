import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { map, take } from 'rxjs';
import sinon from 'sinon';
import { replay } from 'rx-graphql-ws/testing';
import { expectObservable, flush, helpers, runVirtually, test } from '../helpers/test.js';
import { recordStalledFeed, tradesSubscription } from './fixtures/record-stalled-feed.js';
import { document, socketOver } from './marble-test.js';
import {
  begun,
  closed,
  header,
  observe,
  observeReplay,
  opened,
  received,
  recordingOf,
  sent,
  status,
  wire,
} from './recorded.js';

const stalledFeed = readFileSync('docs/examples/testing/stalled-feed.ndjson', 'utf8');
const config = { subprotocols: ['graphql-ws'], keepAliveTimeout: 10_000, retry: { delay: 1_000 } };

describe('replay of a stalled feed', () => {
  it('plays the recording that the fixture makes', () => {
    expect(recordStalledFeed()).to.equal(stalledFeed);
  });

  const translated = (
    [
      [/\\"data\\",/g, '\\"next\\",'],
      [/\\"ka\\"/g, '\\"pong\\"'],
      [/\\"start\\"/g, '\\"subscribe\\"'],
      [/"graphql-ws"/g, '"graphql-transport-ws"'],
    ] as const
  ).reduce((text, [old, current]) => text.replace(old, current), stalledFeed);
  /** The lines before the client leaves, because the last timers of 0 ms take another time. */
  const before = (text: string) =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('{"time":1767623425'));

  for (const [offered, expected] of [
    [['graphql-transport-ws', 'graphql-ws'], stalledFeed],
    [['graphql-transport-ws'], translated],
  ] as const)
    test(`gives the same recording to a client that offers ${offered.join(' and ')}`, () => {
      const connectionParams = { token: 'another' };
      const server = replay(stalledFeed, { helpers: helpers() });
      const socket = socketOver(server, { ...config, subprotocols: offered, connectionParams });
      const { lines, subscribe, run: go } = observe(socket);
      subscribe(tradesSubscription);
      go(25_000);
      const recordedAt = (ms: number) => 1_767_623_400_000 + ms + (ms < 18_180 ? 0 : 2);
      const text = lines
        .join('')
        .replace(/"time":(\d+)/g, (_, time: string) => `"time":${recordedAt(Number(time))}`);
      expect(before(text)).to.deep.equal(before(expected));
    });
});

const { next } = wire('graphql-transport-ws');

describe('the dials of a replay', () => {
  const late = [...begun(undefined, 5_070), received(5_075, next('1', 7))];
  const second = [...begun('graphql-ws', 50, 2), received(55, wire('graphql-ws').next('1', 7), 2)];
  const other = [status(0, 'connecting'), opened(10), closed(20, 1002), ...second];
  const idle = [status(1_000, 'idle'), status(5_000, 'connecting')];
  for (const [what, lines, time] of [
    ['open with the recorded delay', [...idle, ...late], 75],
    ['open at once if the recording has no dial', late, 5],
    ['open with the delay of a second dial for another subprotocol', other, 55],
  ] as const)
    test(what, () => {
      const { subscribe, run: go } = observeReplay(lines);
      subscribe();
      expect(go(200)[0]).to.deep.equal([time, 7]);
    });

  test('fail as recorded', () => {
    const { socket } = observeReplay([
      ...[status(0, 'connecting'), closed(30, 1006), status(30, 'waiting', 'ConnectionError')],
      ...[status(40, 'connecting'), ...begun(undefined, 40, 2), received(41, next('1', 7), 2)],
    ]);
    const errors = socket.status$.pipe(map((state) => 'error' in state && state.error.message));
    expectObservable(errors, '^ 45ms !').toBe('(ff) 26ms e 9ms (ff)', {
      f: false,
      e: 'could not connect to ws://server/graphql: this dial failed in the recording',
    });
    expectObservable(socket.subscribe$(document), '^ 45ms !').toBe('41ms 7', { 7: 7 });
  });

  for (const [count, message] of [
    [1, 'the recording has 1 attempt, and this is dial 2'],
    [2, 'the recording has 2 attempts, and this is dial 3'],
  ] as const)
    test(`fail after the last one of ${count}`, () => {
      const attempts = [1, 2].slice(0, count);
      const lines = attempts.flatMap((n) => [opened(n, '', n), closed(n, 1012, '', n)]);
      const retry = { count, delay: 1 };
      const { subscribe, run: go } = observeReplay(lines, { retry });
      subscribe();
      expect(go(1_000)[0]?.[1]).to.contain(message);
    });

  test('begin anew with `loop`', () => {
    const lines = [
      ...[...begun(), received(5, next('1', 'a')), closed(10, 1012)],
      ...[...begun(undefined, 20, 2), received(25, next('1', 'b'), 2), closed(30, 1012, '', 2)],
    ];
    const { socket } = observeReplay(lines, {}, { loop: true });
    expectObservable(socket.subscribe$(document), '^ 1050ms !').toBe('5ms a 19ms b 19ms a 959ms b');
  });

  for (const [what, faked] of [
    ['real time', undefined],
    ['timers without a clock that moves', { toFake: ['setInterval', 'clearInterval'] as const }],
  ] as const)
    it(`follow ${what}`, () => {
      const clock = sinon.useFakeTimers(faked && { toFake: [...faked.toFake] });
      try {
        const results = [received(1_000, next('1', 1)), received(2_000, next('1', 2))];
        const data: unknown[] = [];
        socketOver(replay(recordingOf(...begun(), ...results)))
          .subscribe$(document)
          .subscribe((value) => data.push(value));
        clock.tick(990);
        expect(data).to.deep.equal([]);
        clock.tick(510);
        expect(data).to.deep.equal([1]);
        clock.tick(520);
        expect(data).to.deep.equal([1, 2]);
      } finally {
        clock.restore();
      }
    });

  test('may come to a client that has left', () => {
    const lines = [status(0, 'connecting'), ...begun(undefined, 50), closed(500, 1012)];
    const { server, subscribe, at, run: go } = observeReplay(lines);
    const first = subscribe();
    at(20, () => first.unsubscribe());
    go(1_000);
    expect(server.peers.map(({ readyState }) => readyState)).to.deep.equal([3]);
  });
});

const text = recordingOf(
  ...[status(1_000, 'connecting'), ...begun(undefined, 1_100), received(1_300, next('1', 'a'))],
  ...[received(1_500, next('1', 'b')), closed(2_000, 1012)],
);

describe('the speed of a replay', () => {
  for (const [speed, marbles] of [
    [undefined, '300ms a 199ms b 499ms #'],
    [10, '30ms a 19ms b 49ms #'],
    [0.5, '600ms a 399ms b 999ms #'],
    [Infinity, '(ab#)'],
  ] as const)
    test(`may be ${speed ?? 'that of the recording'}`, () => {
      const socket = socketOver(replay(text, { speed }), { retry: false });
      const error = { message: 'connection closed: 1012' };
      expectObservable(socket.subscribe$(document)).toBe(marbles, undefined, error);
    });

  const positive = '`speed` to be a number > 0, got ';
  for (const [options, message] of [
    [{ speed: 0 }, `${positive}0`],
    [{ speed: NaN }, `${positive}NaN`],
    [{ speed: '2' }, `${positive}"2"`],
    [{ loop: 3 }, '`loop` to be a boolean, got 3'],
    [{ limit: '9' }, '`limit` to be a number of milliseconds, got "9"'],
  ] as const)
    it(`is refused with the options ${JSON.stringify(options)}`, () => {
      expect(() => replay(text, options as object)).to.throw(TypeError, message);
    });
});

describe('frames$ of a replay', () => {
  const typeOf = ({ text: frame }: { readonly text: string }) =>
    (JSON.parse(frame) as { type: string }).type;
  const values = { k: 'connection_ack', n: 'next' };

  test('emits each received frame at its time', () => {
    const { frames$ } = replay(text);
    const types$ = frames$.pipe(map(typeOf));
    const frames: unknown[] = [];
    frames$.subscribe((frame) => frames.push(frame));
    expectObservable(types$).toBe('100ms k 199ms n 199ms n 499ms |', values);
    expectObservable(types$, '-^').toBe('- 100ms k 199ms n 199ms n 499ms |', values);
    flush();
    expect(frames[1]).to.deep.equal(received(1_300, next('1', 'a')));
  });

  test('obeys `speed` and `loop`', () => {
    const { frames$ } = replay(text, { speed: 10, loop: true });
    const types$ = frames$.pipe(map(typeOf), take(4));
    expectObservable(types$).toBe('10ms k 19ms n 19ms n 59ms (k|)', values);
  });

  test('ends with its subscription', () => {
    const types$ = replay(text, { speed: Infinity }).frames$.pipe(map(typeOf), take(1));
    expectObservable(types$).toBe('(k|)', values);
  });

  it('waits for longer than a timer can', () => {
    const clock = sinon.useFakeTimers();
    try {
      const month = 2_592_000_000;
      const texts: string[] = [];
      const { frames$ } = replay(recordingOf(...begun(), received(month, 'late')));
      frames$.subscribe((frame) => texts.push(frame.text));
      clock.tick(month - 1);
      expect(texts).to.have.length(1);
      clock.tick(1);
      expect(texts[1]).to.equal('late');
    } finally {
      clock.restore();
    }
  });
});

describe('helpers of a replay', () => {
  test('ignore the frames for a client that has left', () => {
    const beats = Array.from({ length: 700 }, (_, n) => received(n * 1_000, { type: 'pong' }));
    const server = replay(recordingOf(...begun(), ...beats), { helpers: helpers() });
    const data = socketOver(server).subscribe$(document);
    expectObservable(data, '^ 50ms !').toBe('');
  });

  for (const [options, limit] of [
    [{}, 600_000],
    [{ limit: 1_000 }, 1_000],
  ] as const)
    it(`end virtual time after ${limit} ms`, () => {
      expect(() =>
        runVirtually(() => {
          const server = replay(text, { helpers: helpers(), ...options });
          const socket = socketOver(server, { retry: { delay: 10_000 } });
          expectObservable(socket.subscribe$(document)).toBe('');
        }),
      ).to.throw(`virtual time was stopped at ${limit} ms with more to come`);
    });
});

const good = [status(1, 'connecting'), opened(2)];
const noHeader = 'expected the header {"recording":"rx-graphql-ws","version":1}';
const again = 'a file holds one recording of one socket';

describe('replay refuses a recording', () => {
  const { recording } = header;
  for (const [what, text, message] of [
    ['that is empty', '', `${noHeader}, got ""`],
    ['that is a path', 'a.ndjson', `${noHeader}, got "a.ndjson" (give the text of the recording`],
    ['that is something else', '{"log":0}\n', `${noHeader}, got "{\\"log\\":0}"`],
    ['of a later version', JSON.stringify({ recording, version: 2 }), 'expected version 1, got 2'],
    ['without a version', JSON.stringify({ recording }), 'expected version 1, got undefined'],
  ] as const)
    it(what, () => {
      expect(() => replay(text)).to.throw(`recording, line 1: ${message}`);
    });

  const kinds = 'expected a JSON object with one of direction, opened, closed, status';
  const frame = '{"time":3,"attempt":1,"direction"';
  for (const [line, message] of [
    ['{"time":', kinds],
    ['null', kinds],
    ['{"time":3,"attempt":1}', kinds],
    [JSON.stringify(header), 'a second header: a file holds one recording'],
    ['{"status":"idle"}', '`time` to be a number, got undefined'],
    ['{"time":"3","status":"idle"}', '`time` to be a number, got "3"'],
    ['{"time":3,"attempt":1.5,"opened":""}', '`attempt` to be an integer, got 1.5'],
    [`${frame}:"up","text":""}`, '`direction` to be "sent" or "received", got "up"'],
    [`${frame}:"sent"}`, '`text` to be text, got undefined'],
    ['{"time":3,"attempt":1,"opened":null}', '`opened` to be text, got null'],
    ['{"time":3,"attempt":1,"closed":"1000"}', '`closed` to be a number, got "1000"'],
    ['{"time":3,"attempt":1,"closed":1000}', '`reason` to be text, got undefined'],
    ['{"time":3,"status":["idle"]}', '`status` to be text, got ["idle"]'],
  ] as const)
    it(`with the line ${line}`, () => {
      const text = `${recordingOf(...good)}${line}\n`;
      expect(() => replay(text))
        .to.throw(message)
        .with.property('message')
        .that.contains('line 4:');
    });

  const end = closed(3, 1000);
  for (const [lines, message] of [
    [[received(1, 'a')], 'time goes backwards: 1 comes after 2'],
    [[received(3, 'a', 2)], 'a frame of attempt 2, which was not opened before'],
    [[end, sent(4, 'a')], 'a frame of attempt 1, which was closed before'],
    [[opened(3)], `attempt 1 opens, but was opened before: ${again}`],
    [[end, opened(4)], `attempt 1 opens, but was closed before: ${again}`],
    [[end, closed(4, 1000)], `attempt 1 closes, but was closed before: ${again}`],
  ] as const)
    it(`in which ${message}`, () => {
      const text = recordingOf(...good, ...lines);
      expect(() => replay(text)).to.throw(`recording, line ${3 + lines.length}: ${message}`);
    });

  it('without a dial', () => {
    for (const text of [recordingOf(status(1, 'idle')), JSON.stringify(header)])
      expect(() => replay(text)).to.throw('recording: nothing was dialled while it was recorded');
  });

  it('that is no text', () => {
    const message = 'expected `recording` to be the text of a recording, got {"type":"Buffer"';
    expect(() => replay(Buffer.from('x') as never)).to.throw(TypeError, message);
  });
});

describe('replay accepts a recording', () => {
  const { next } = wire('graphql-transport-ws');
  const text = recordingOf(...begun(), received(10, next('1', 7)));

  for (const [what, content] of [
    ['that was cut off in its last line', `${text}{"time":11,"attem`],
    ['without its last line break', text.trimEnd()],
    ['with blank lines', text.replaceAll('\n', '\n\n')],
    ['with a byte order mark and line breaks of Windows', `\uFEFF${text.replaceAll('\n', '\r\n')}`],
    ['with unknown members', text.replaceAll('"attempt":1', '"attempt":1,"host":"a"')],
  ] as const)
    test(what, () => {
      const data = socketOver(replay(content)).subscribe$(document);
      expectObservable(data, '^ 20ms !').toBe('10ms d', { d: 7 });
    });
});
