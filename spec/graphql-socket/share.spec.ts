import { expect } from 'chai';
import { describe } from 'mocha';
import { inspect } from 'node:util';
import type { Observable } from 'rxjs';
import { repeat, retry, switchMap, take, timer } from 'rxjs';
import type { GraphQLSocketConfig, SubscribeOptions } from '../../lib/config.js';
import { bench } from '../helpers/bench.js';
import { accepts, ends } from '../helpers/scripted.js';
import { advance, now, record, test, timers, unhandled } from '../helpers/test.js';
import { canWriteDeepJson, complete, current, failure, protocols } from '../helpers/wire.js';

const query = 'subscription { a }';
const next = (data: unknown, id = '1') => current.next(id, { data });

/** A socket object, and a stream of it that is shared. */
function sharing(given: Partial<GraphQLSocketConfig> = {}) {
  const served = bench(given);
  const shared$ = (share: SubscribeOptions['share'] = true, further: SubscribeOptions = {}) =>
    served.socket.subscribe$(query, { share, ...further });
  /** Types and ids of what was sent after the init. */
  const sent = () =>
    served.messages().flatMap(({ type, id }) => (id ? [`${String(type)} ${id as string}`] : []));
  return { ...served, shared$, sent };
}

describe('subscribe$ with share', () => {
  for (const wire of protocols)
    test(`sends one operation for all, and stops it with the last, on ${wire.subprotocol}`, () => {
      const { socket, at, live } = bench({}, accepts(wire.subprotocol));
      const streams = [1, 2, 3].map(() => record(socket.subscribe$(query, { share: true })));
      advance(2);
      at(0).send(wire.next('1', { data: 1 }));
      streams[0]?.unsubscribe();
      at(0).send(wire.next('1', { data: 2 }));
      expect(streams.map(({ values }) => values)).to.deep.equal([[1], [1, 2], [1, 2]]);
      for (const { unsubscribe } of streams) unsubscribe();
      advance(0);
      expect(at(0).sent.slice(1)).to.deep.equal([
        wire.subscribe('1', { query }),
        wire.stop('1'),
        ...wire.goodbye,
      ]);
      advance(5);
      expect([live().length, timers()]).to.deep.equal([0, 0]);
    });

  test('decodes a result once, and hands the very same data to all', () => {
    let decoded = 0;
    const { shared$, at } = sharing({
      jsonReviver: (key, value: unknown) => {
        if (key === 'data') decoded += 1;
        return value;
      },
    });
    const streams = Array.from({ length: 1_000 }, () => record(shared$()));
    advance(2);
    at(0).send(next({ deep: [1] }));
    const [first] = streams[0]?.values ?? [];
    expect(first).to.deep.equal({ deep: [1] });
    expect(streams.every(({ values }) => values.length === 1 && values[0] === first)).to.equal(
      true,
    );
    expect(decoded).to.equal(1);
  });

  test('leaves those alone that do not ask for it', () => {
    const { socket, shared$, sent } = sharing();
    for (const share of [undefined, false]) record(socket.subscribe$(query, { share }));
    record(shared$());
    record(socket.subscribe$(query));
    record(socket.execute$(query));
    record(shared$({}));
    advance(2);
    expect(sent()).to.deep.equal([1, 2, 3, 4, 5].map((id) => `subscribe ${String(id)}`));
  });

  test('leaves those alone that ask for something else', () => {
    const { socket, sent } = sharing();
    const streams = [
      [{}, {}],
      [{ query: 'subscription { b }' }, {}],
      [{ variables: { a: 1 } }, {}],
      [{ variables: { a: 2 } }, {}],
      [{ operationName: 'A' }, {}],
      [{ extensions: { a: 1 } }, {}],
      [{}, { resend: false }],
      [{}, { onServerComplete: 'restart' }],
      [{}, { errorPolicy: 'ignore' }],
      [{}, { share: { replay: 1 } }],
      [{}, { share: { replay: Infinity } }],
      [{}, { share: { linger: 1 } }],
    ] as const;
    for (const [request, options] of [...streams, ...streams])
      record(socket.subscribe$({ query, ...request }, { share: true, ...options }));
    advance(2);
    expect(sent()).to.have.length(streams.length);
  });

  test('takes a document in any form for what it says, and the options of the socket for those of its own', () => {
    const { socket, sent } = sharing({ onServerComplete: 'restart' });
    const document = { kind: 'Document', definitions: [], loc: { source: { body: query } } };
    record(socket.subscribe$(query, { share: true }));
    record(socket.subscribe$({ query }, { share: {}, errorPolicy: 'none' }));
    record(socket.subscribe$(document, { share: true, resend: true }));
    const typed = Object.assign(new String(query), {}) as { __apiType?: () => unknown };
    record(socket.subscribe$(typed, { share: true, onServerComplete: 'restart' }));
    advance(2);
    expect(sent()).to.deep.equal(['subscribe 1']);
  });

  test('compares what the replacer makes of variables', () => {
    const { socket, messages } = sharing({
      jsonReplacer: (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
    });
    for (const variables of [
      { a: 1n, b: 2 },
      { b: 2, a: '1n' },
    ])
      record(socket.subscribe$({ query, variables }, { share: true }));
    advance(2);
    expect(messages().slice(1)).to.deep.equal([
      current.subscribe('1', { query, variables: { a: '1n', b: 2 } }),
    ]);
  });

  for (const field of ['variables', 'extensions'] as const)
    test(`sends again the ${field} that it was asked for with, whatever has become of the object`, () => {
      const { socket, messages, at } = sharing();
      const asked = () => ({ a: 1, deep: { list: [1] }, since: new Date(0) });
      const mutable = asked();
      const join = (value: object) =>
        record(socket.subscribe$({ query, [field]: value }, { share: true }));
      join(mutable);
      mutable.a = 2;
      mutable.deep.list.push(2);
      mutable.since.setTime(1);
      join(asked());
      join(mutable);
      advance(2);
      ends(1006)(at(0));
      advance(20);
      const subscribe = (id: string, value: object): unknown =>
        JSON.parse(JSON.stringify(current.subscribe(id, { query, [field]: value })));
      const changed = { a: 2, deep: { list: [1, 2] }, since: new Date(1) };
      expect(messages().filter(({ type }) => type === 'subscribe')).to.deep.equal([
        subscribe('1', asked()),
        subscribe('2', changed),
        subscribe('3', asked()),
        subscribe('4', changed),
      ]);
    });

  test('asks a function for every send, and shares it with who has the same', () => {
    const { socket, messages, at } = sharing();
    let n = 0;
    const variables = () => ({ n: (n += 1) });
    for (const given of [variables, variables, () => variables()])
      record(socket.subscribe$({ query, variables: given }, { share: true }));
    advance(2);
    ends(1006)(at(0));
    advance(20);
    const sent = messages().filter(({ type }) => type === 'subscribe');
    expect(sent).to.deep.equal(
      [1, 2, 3, 4].map((id) => current.subscribe(String(id), { query, variables: { n: id } })),
    );
  });

  test('errors over what cannot be serialised, not at once, and none but that stream', () => {
    const { socket, shared$, at } = sharing();
    const beside = record(shared$());
    const stream = record(socket.subscribe$({ query, variables: { n: 1n } }, { share: true }));
    expect(stream.log).to.deep.equal([]);
    advance(2);
    expect(stream.error).to.include({ name: 'ConfigurationError', option: 'variables' });
    at(0).send(next(1));
    expect(beside.values).to.deep.equal([1]);
    beside.unsubscribe();
    advance(5);
    expect(timers()).to.equal(0);
  });
});

describe('a shared operation', () => {
  test('is kept for who comes in the same turn as the last leaves, and for `linger` ms', () => {
    const { shared$, sent, live } = sharing();
    const switching = record(timer(0, 5).pipe(switchMap(() => shared$())));
    advance(30);
    expect(sent()).to.deep.equal(['subscribe 1']);
    switching.unsubscribe();
    advance(0);
    expect(sent()).to.deep.equal(['subscribe 1', 'complete 1']);
    const lingering = record(shared$({ linger: 100 }));
    advance(2);
    lingering.unsubscribe();
    advance(99);
    const again = record(shared$({ linger: 100 }));
    expect(sent()).to.have.length(3);
    again.unsubscribe();
    advance(99);
    expect(sent()).to.have.length(3);
    advance(1);
    expect([sent().slice(2), now()]).to.deep.equal([['subscribe 2', 'complete 2'], 231]);
    advance(1);
    expect([live().length, timers()]).to.deep.equal([0, 0]);
  });

  for (const state of ['connected', 'connection$'] as const)
    test(`is not sent if the last leaves when it is told of the connection, by ${state}`, () => {
      const { socket, shared$, sent, live } = sharing();
      const stream = record(shared$({ linger: 1_000 }));
      const told$: Observable<object> = socket[state === 'connected' ? 'status$' : state];
      const watching = told$.subscribe((told) => {
        if (!('state' in told) || told.state === 'connected') stream.unsubscribe();
      });
      advance(2);
      watching.unsubscribe();
      advance(5);
      expect([sent(), live().length, timers()]).to.deep.equal([[], 0, 0]);
    });

  test('lingers for 0 ms while there is no connection', () => {
    const { shared$, at, sent } = sharing({ retry: { delay: 100 } });
    const stream = record(shared$({ replay: 1, linger: 1_000 }));
    advance(2);
    at(0).send(next(1));
    ends(1006)(at(0));
    advance(0);
    stream.unsubscribe();
    const soon = record(shared$({ replay: 1, linger: 1_000 }));
    expect(soon.values).to.deep.equal([1]);
    soon.unsubscribe();
    advance(1);
    const late = record(shared$({ replay: 1, linger: 1_000 }));
    late.unsubscribe();
    expect([late.values, sent()]).to.deep.equal([[], ['subscribe 1']]);
    advance(200);
    expect(timers()).to.equal(0);
  });

  for (const [what, frame] of [
    ['completes', complete('1')],
    ['is refused', failure('1', 'no')],
  ] as const)
    test(`that ${what} ends for all, and begins anew for who comes back at once`, () => {
      const { shared$, at, sent } = sharing();
      const once = record(shared$({ replay: 5 }));
      const again = record(shared$({ replay: 5 }).pipe(retry(), repeat()));
      advance(2);
      at(0).send(next(1), frame, next(2, '2'), next(3));
      expect(once.values).to.deep.equal([1]);
      expect(once.log).to.have.length(2);
      expect(again.values).to.deep.equal([1, 2]);
      // the server went on after its `complete`
      expect(sent()).to.deep.equal(['subscribe 1', 'subscribe 2', 'complete 1']);
      again.unsubscribe();
      advance(5);
      expect(timers()).to.equal(0);
    });

  test('that the server sends again is sent again for all', () => {
    const { shared$, at, sent } = sharing({ onServerComplete: 'restart' });
    const streams = [record(shared$()), record(shared$())];
    advance(2);
    at(0).send(complete('1'));
    advance(1_000);
    at(0).send(next(1, '2'));
    expect(sent()).to.deep.equal(['subscribe 1', 'subscribe 2']);
    for (const { values } of streams) expect(values).to.deep.equal([1]);
  });

  test('completes for all on close(); afterwards there is none to join', () => {
    const { shared$, at, socket, sent } = sharing();
    const late: ReturnType<typeof record>[] = [];
    const streams = [record(shared$({ replay: 1 })), record(shared$({ replay: 1 }))];
    shared$({ replay: 1 }).subscribe({ complete: () => late.push(record(shared$({ replay: 1 }))) });
    advance(2);
    socket.events$.subscribe(({ type }) => {
      // in the midst of close()
      if (type === 'sent') late.push(record(shared$({ replay: 1 })));
    });
    at(0).send(next(1));
    socket.close();
    for (const { log } of streams) expect(log.at(-1)).to.deep.equal([2, 'complete']);
    late.push(record(shared$({ replay: 1 })));
    expect(late.map(({ log }) => log)).to.deep.equal([[], [], []]);
    advance(1);
    for (const { error } of late) expect(error).to.include({ name: 'SocketDisposedError' });
    expect(sent()).to.deep.equal(['subscribe 1', 'complete 1']);
    advance(10);
    expect(timers()).to.equal(0);
  });

  test('errors for all when the connection fails for good', () => {
    const { shared$, at } = sharing();
    const streams = [record(shared$()), record(shared$())];
    advance(2);
    at(0).close(4409);
    advance(10);
    for (const { error } of streams) expect(error).to.include({ code: 4409 });
    expect(timers()).to.equal(0);
  });
});

describe('a shared request', () => {
  test('that is nested deeper than JSON.stringify can follow errors alone', () => {
    const { socket, sent, at } = sharing();
    const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
    const [deep, deeper] = [1_000, 5_000].map((depth) =>
      record(socket.subscribe$({ query, variables: { a: nested(depth) } }, { share: true })),
    );
    advance(2);
    at(0).send(next(1));
    expect(deep?.values).to.deep.equal([1]);
    if (canWriteDeepJson()) {
      expect(sent()).to.deep.equal(['subscribe 1', 'subscribe 2']);
      return;
    }
    expect(deeper?.error).to.include({ name: 'ConfigurationError', option: 'variables' });
    expect(sent()).to.deep.equal(['subscribe 1']);
  });

  test('is compared by identity under codecs, and asked anew for every send', () => {
    const codec = {
      subprotocol: 'mine',
      canPing: false,
      encode: (message: object) => JSON.stringify(message),
      decode: () => ({ type: 'ack' as const }),
    };
    const { socket, messages, at, sent } = sharing({ codecs: [codec] });
    const variables = { n: 1 };
    for (const given of [variables, variables, { n: 1 }])
      record(socket.subscribe$({ query, variables: given }, { share: true }));
    advance(2);
    variables.n = 2;
    ends(1006)(at(0));
    advance(20);
    expect(sent()).to.have.length(4);
    const payloads = messages().flatMap(({ payload }) => payload ?? []);
    expect(payloads).to.deep.equal([1, 1, 2, 1].map((n) => ({ query, variables: { n } })));
  });
});

describe('a consumer of a shared operation', () => {
  test('that throws in next is reported by RxJS, and disturbs nobody', () => {
    const reported = unhandled();
    const { shared$, at } = sharing();
    const before = record(shared$());
    shared$().subscribe(() => {
      throw new Error('mine');
    });
    const after = record(shared$());
    advance(2);
    at(0).send(next(1), next(2));
    advance(5);
    for (const { values } of [before, after]) expect(values).to.deep.equal([1, 2]);
    expect(reported).to.deep.equal(['mine', 'mine']);
  });

  test('may leave, and unsubscribe others, in next: silence at once', () => {
    const { shared$, at, sent } = sharing();
    const first = record(shared$().pipe(take(1)));
    const others: ReturnType<typeof record>[] = [];
    shared$().subscribe(() => {
      for (const { unsubscribe } of others) unsubscribe();
    });
    const middle = shared$().subscribe(() => middle.unsubscribe());
    others.push(record(shared$()), record(shared$()));
    const last = record(shared$());
    advance(2);
    at(0).send(next(1), next(2));
    expect(first.values).to.deep.equal([1]);
    for (const { log } of others) expect(log).to.deep.equal([]);
    expect(last.values).to.deep.equal([1, 2]);
    last.unsubscribe();
    expect(sent()).to.deep.equal(['subscribe 1']);
    advance(5);
    expect(timers()).to.equal(0);
  });

  test('is shown nothing of it, by the stream or by its subscription', () => {
    const { shared$, at, socket } = sharing({ url: 'ws://secret/' });
    record(socket.subscribe$({ query: 'subscription { secret }' }));
    const stream$ = shared$({ replay: 3 });
    const subscription = stream$.subscribe();
    shared$().subscribe(function secret() {});
    advance(2);
    at(0).send(next('secret', '2'));
    for (const shown of [stream$, subscription]) {
      expect(inspect(shown, { depth: Infinity, showHidden: true })).not.to.include('secret');
      expect(JSON.stringify(shown)).not.to.include('secret');
    }
  });
});
