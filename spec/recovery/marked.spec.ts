import { expect } from 'chai';
import { describe } from 'mocha';
import { Observable, retry } from 'rxjs';
import { OperationError } from 'rx-graphql-ws';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import { advance, now, record, test, timers } from '../helpers/test.js';
import { document, rowSocket } from './bench.js';
import type { After, Row } from './rows.js';
import { row, written } from './rows.js';

const after = { resume: (last: Row) => ({ after: last.k }) };
const request = { query: document, variables: { kind: 'a' } };
type Variables = After & { readonly kind: string };

describe('recover, on a socket,', () => {
  test('calls the functions of its options without `this`, because its state is ours', () => {
    const { socket } = rowSocket(['oa-1-x', 'oa-2']);
    const seen = new Set<unknown>();
    const rows = function (this: unknown, data: Row) {
      seen.add(this);
      return [data];
    };
    const resume = function (this: unknown, last: Row) {
      seen.add(this);
      return { after: last.k };
    };
    const { values } = record(recover<Row, Variables, Row>(socket, request, { rows, resume }));
    advance(2_000);
    expect(values).to.have.length(2);
    expect([...seen]).to.deep.equal([undefined]);
    socket.close();
  });

  describe('at the first send', () => {
    test('emits no gap', () => {
      const { socket } = rowSocket(['oa-1-2']);
      const stream = written(recover<Row>(socket, document));
      advance(100);
      expect(stream.log).to.deep.equal(['3 1', '5 2']);
      socket.close();
    });

    test('emits a gap if rows were handled before, because it does not know what came since', () => {
      const { socket } = rowSocket(['oa-5']);
      const { values } = record(recover<Row>(socket, document, { handled: () => [row(1)] }));
      advance(100);
      expect(values.map(isGap)).to.deep.equal([true, false]);
      expect(values[0]).to.include({ since: undefined, until: 1 });
      socket.close();
    });

    for (const [what, scripts, options] of [
      ['its cursor is refused', ['oa-r----'], after],
      ['the next loss comes before a row', ['oa-x', 'oa'], {}],
    ] as const)
      test(`does not know since when rows are missing if ${what}`, () => {
        const { socket } = rowSocket(scripts, { linger: 50 });
        const handled = { handled: () => [row(1)] };
        const { values } = record(
          recover<Row, After>(socket, { query: document }, { ...options, ...handled }),
        );
        advance(100);
        expect(values.length).to.be.at.least(1);
        for (const value of values) expect(value).to.have.property('since', undefined);
        socket.close();
      });

    test('takes up behind the last row that was handled, and emits none of them', () => {
      const { socket, sent } = rowSocket(['oa-123']);
      const handled = () => [row(1), row(2)];
      const stream = written(
        recover<Row, Variables>(socket, request, { ...after, key: ({ k }) => k, handled }),
      );
      advance(100);
      expect(sent).to.deep.equal([{ kind: 'a', after: 2 }]);
      expect(stream.log).to.deep.equal(['5 3']);
      socket.close();
    });

    test('asks for the rows that were handled at each subscription', () => {
      const { socket, sent } = rowSocket(['oa-1-2-3']);
      let last = 7;
      const stream$ = recover<Row, After>(
        socket,
        { query: document },
        { ...after, handled: () => [row(last)] },
      );
      record(stream$);
      last = 8;
      record(stream$);
      advance(100);
      expect(sent).to.deep.equal([{ after: 7 }, { after: 8 }]);
      socket.close();
    });
  });

  describe('at a send that follows', () => {
    test('a loss: emits one gap, when the message was sent', () => {
      const { socket } = rowSocket(['oa-1-x', 'oa------2-x', 'oa-3']);
      const stream = written(recover<Row>(socket, document));
      advance(100);
      expect(stream.log).to.deep.equal(['3 1', '16 gap', '23 2', '36 gap', '38 3']);
      socket.close();
    });

    test('a loss: takes up behind the last row if it can, and emits no gap', () => {
      const { socket, sent } = rowSocket(['oa-12-x', 'oa-3-x', 'oa-4']);
      const stream = written(recover<Row, Variables>(socket, request, after));
      advance(100);
      expect(sent).to.deep.equal([{ kind: 'a' }, { kind: 'a', after: 2 }, { kind: 'a', after: 3 }]);
      expect(stream.values).to.deep.equal([1, 2, 3, 4]);
      socket.close();
    });

    test('a loss: calls a function for the other variables again', () => {
      const { socket, sent } = rowSocket(['oa-1-x', 'oa']);
      let calls = 0;
      const variables = () => ({ kind: `call ${(calls += 1)}` });
      record(recover<Row, Variables>(socket, { query: document, variables }, after));
      advance(100);
      expect(sent).to.deep.equal([{ kind: 'call 1' }, { kind: 'call 2', after: 1 }]);
      socket.close();
    });

    test("the server's `complete`, with `restart`", () => {
      const { socket, sent } = rowSocket(['oa-1-c']);
      const stream = written(recover<Row>(socket, document, { onServerComplete: 'restart' }));
      advance(1_000);
      expect(sent.length).to.equal(2);
      expect(stream.values).to.deep.equal([1, 'gap']);
      socket.close();
    });

    test('a `retry` beneath it', () => {
      const { socket, sent } = rowSocket(['oa-1-r----'], { linger: 50 });
      const beneath = {
        subscribe$: ((input, options) =>
          socket.subscribe$(input, options).pipe(retry({ delay: 5 }))) as typeof socket.subscribe$,
      };
      const stream = written(recover<Row, After>(beneath, { query: document }, after));
      advance(20);
      expect(sent).to.deep.equal([undefined, { after: 1 }]);
      expect(stream.log).to.deep.equal(['3 1']);
      socket.close();
    });
  });

  test('emits no gap where the connection was lost before the subscription was sent', () => {
    const { socket } = rowSocket(['o-x', 'oa-1']);
    const stream = written(recover<Row>(socket, document));
    advance(1_100);
    expect(stream.values).to.deep.equal([1]);
    socket.close();
  });

  test('emits a gap where it was lost before the first row: there is nothing to take up at', () => {
    const { socket, sent } = rowSocket(['oa-x', 'oa-1']);
    const { values } = record(
      recover<Row, After>(
        socket,
        { query: document },
        {
          resume: () => {
            throw new Error('called');
          },
        },
      ),
    );
    advance(1_100);
    expect(sent).to.deep.equal([undefined, undefined]);
    expect(values.map(isGap)).to.deep.equal([true, false]);
    // the first send
    expect(values[0]).to.include({ since: 1 });
    socket.close();
  });

  test('tells in a gap when the row before it came, and when it was sent again', () => {
    const { socket } = rowSocket(['oa-1 500ms x', 'oa-2']);
    const { values } = record(recover<Row>(socket, document));
    advance(1_100);
    expect(values[1]).to.include({ since: 3, until: 515 });
    socket.close();
  });

  test('emits a gap before the end, if the server ends it at once', () => {
    const { socket } = rowSocket(['oa-1-x', 'o(ac)']);
    const stream = written(recover<Row>(socket, document));
    advance(1_100);
    expect(stream.values).to.deep.equal([1, 'gap']);
    expect(stream.log.at(-1)).to.equal('16 complete');
  });

  describe('when the server refuses the row at which it takes up', () => {
    test('is sent once more without it, behind a gap', () => {
      const { socket, sent } = rowSocket(
        ['oa-1-x', 'oa-r--2', 'oa'],
        {},
        {
          2: { operation: 2, data: { k: 5 } },
        },
      );
      const stream = written(recover<Row, After>(socket, { query: document }, after));
      advance(30);
      expect(sent).to.deep.equal([undefined, { after: 1 }, undefined]);
      expect(stream.values).to.deep.equal([1, 'gap', 5]);
      socket.close();
    });

    test('does not take up there again after another loss, but behind the next row', () => {
      const { socket, sent } = rowSocket(['oa-1-x', 'oa-r-x', 'oa-5-x', 'oa']);
      const stream = written(recover<Row, After>(socket, { query: document }, after));
      advance(5_000);
      expect(sent).to.deep.equal([undefined, { after: 1 }, undefined, undefined, { after: 5 }]);
      expect(stream.values).to.deep.equal([1, 'gap', 'gap', 5]);
      socket.close();
    });

    test('knows the refusal in a result, too', () => {
      const { socket, sent } = rowSocket(
        ['oa-1-x', 'oa-q-'],
        {},
        {
          q: { errors: [{ message: 'the cursor is too old' }] },
        },
      );
      written(recover<Row, After>(socket, { query: document }, after));
      advance(30);
      expect(sent).to.deep.equal([undefined, { after: 1 }, undefined]);
      socket.close();
    });

    test('errors when the server refuses the subscription without it as well', () => {
      const { socket } = rowSocket(
        ['oa-1-x', 'oa-r-s'],
        {},
        {
          s: { operation: 2, error: [{ message: 'no' }] },
        },
      );
      const stream = written(recover<Row, After>(socket, { query: document }, after));
      advance(30);
      expect(stream.values).to.deep.equal([1, 'gap']);
      expect(stream.error).to.include({ name: 'OperationError', message: 'operation failed: no' });
      expect(timers()).to.equal(0);
    });

    test('errors when the server fails it after a row', () => {
      const { socket } = rowSocket(['oa-1-x', 'oa-2-r']);
      const stream = written(recover<Row, After>(socket, { query: document }, after));
      advance(30);
      expect(stream.log.at(-1)).to.equal('20 error OperationError');
      expect(timers()).to.equal(0);
    });

    test('does so for a server that refuses at once', () => {
      const seen: unknown[] = [];
      const subscribe$ = ({ variables }: { variables: () => After | undefined }) =>
        new Observable<Row>((subscriber) => {
          seen.push(variables());
          if (seen.length === 1) {
            subscriber.next(row(1));
            seen.push(variables());
          }
          subscriber.error(new OperationError([{ message: 'too old' }]));
        });
      const stream = written(
        recover<Row, After>({ subscribe$: subscribe$ as never }, { query: document }, after),
      );
      expect(seen).to.deep.equal([undefined, { after: 1 }, undefined]);
      expect(stream.log).to.deep.equal(['0 1', '0 gap', '0 error OperationError']);
      expect(timers()).to.equal(0);
    });
  });

  describe("when a function of the user's throws", () => {
    const mine = new RangeError('mine');
    const throws = () => {
      throw mine;
    };

    test('errors with a ConfigurationError for `resume`', () => {
      const { socket } = rowSocket(['oa-1-x', 'oa']);
      const stream = written(recover<Row, After>(socket, { query: document }, { resume: throws }));
      advance(100);
      expect(stream.error).to.include({ name: 'ConfigurationError', option: 'resume' });
      expect(stream.error.message).to.equal('the function `resume` failed');
      expect(stream.error.cause).to.equal(mine);
      expect(timers()).to.equal(0);
    });

    for (const [what, wrong] of [
      ['nothing', undefined],
      ['a promise', Promise.resolve({ after: 1 })],
    ] as const)
      test(`errors with a ConfigurationError for a \`resume\` that returns ${what}`, () => {
        const { socket } = rowSocket(['oa-1-x', 'oa']);
        const stream = written(
          recover<Row, After>(socket, { query: document }, { resume: () => wrong as never }),
        );
        advance(100);
        expect(stream.error).to.include({ name: 'ConfigurationError', option: 'resume' });
        expect((stream.error.cause as Error).message).to.match(
          /^expected `resume` to be a function that returns an object, got /,
        );
      });

    test('errors with that error for `rows`', () => {
      const { socket } = rowSocket(['oa-1']);
      const stream = written(
        recover<Row, After, Row>(socket, { query: document }, { rows: throws }),
      );
      advance(100);
      expect(stream.error).to.equal(mine);
      expect(timers()).to.equal(0);
    });

    test('errors with that error for `key`', () => {
      const { socket } = rowSocket(['oa-1']);
      const stream = written(recover<Row>(socket, document, { key: throws }));
      advance(100);
      expect(stream.error).to.equal(mine);
      expect(timers()).to.equal(0);
    });

    for (const [name, options] of [
      ['`handled`', { handled: throws }],
      ['`key` on a handled row', { handled: () => [row(1)], key: throws }],
    ] as const)
      test(`errors later with a ConfigurationError for ${name}`, () => {
        const { socket, server } = rowSocket(['oa']);
        const stream = written(recover<Row>(socket, document, options));
        expect(stream.log).to.deep.equal([]);
        advance(0);
        expect(stream.error).to.include({ name: 'ConfigurationError', option: 'handled' });
        expect(stream.error.cause).to.equal(mine);
        expect(server.peers).to.deep.equal([]);
      });

    test('is silent after an unsubscribe, though `handled` threw', () => {
      const { socket } = rowSocket(['oa']);
      const stream = written(recover<Row>(socket, document, { handled: throws }));
      stream.unsubscribe();
      expect(timers()).to.equal(0);
      expect(stream.log).to.deep.equal([]);
    });
  });

  test('emits the rows of one result one by one, and none after an unsubscribe among them', () => {
    const { socket } = rowSocket(['oa-1']);
    const seen: number[] = [];
    let read = 0;
    const stream$ = recover<Row, After, number>(
      socket,
      { query: document },
      {
        *rows({ k }) {
          for (; read < 9; read += 1) yield k + read;
        },
      },
    );
    const subscription = stream$.subscribe((k) => {
      seen.push(k as number);
      if (k === 2) subscription.unsubscribe();
    });
    advance(100);
    expect(seen).to.deep.equal([1, 2]);
    expect(read).to.equal(2);
    expect(timers()).to.equal(0);
  });

  test('takes a result without rows for an answer, not for a row', () => {
    const { socket, sent } = rowSocket(
      ['oa-1 10ms 2-x', 'oa-2-x', 'oa'],
      {},
      {
        2: { operation: 1, data: { k: 0 } },
      },
    );
    const { values } = record(
      recover<Row, After, Row>(
        socket,
        { query: document },
        { rows: (data) => (data.k === 0 ? [] : [data]) },
      ),
    );
    advance(100);
    expect(sent).to.have.length(3);
    expect(values.slice(1)).to.have.length(2);
    for (const gap of values.slice(1)) expect(gap).to.include({ since: 3 });
    socket.close();
  });

  test('passes `errorPolicy` on', () => {
    const { socket } = rowSocket(
      ['oa-b-1'],
      {},
      {
        b: { data: { k: 4 }, errors: [{ message: 'a part failed' }] },
      },
    );
    const stream = written(recover<Row>(socket, document, { errorPolicy: 'ignore' }));
    advance(100);
    expect(stream.values).to.deep.equal([4, 1]);
    socket.close();
  });

  test('with a key emits a row once that an inclusive cursor repeats', () => {
    const { socket } = rowSocket(['oa-12-x', 'oa-1234']);
    const stream = written(
      recover<Row, After>(
        socket,
        { query: document },
        { resume: ({ k }) => ({ after: k - 2 }), key: ({ k }) => k },
      ),
    );
    advance(100);
    expect(stream.values).to.deep.equal([1, 2, 3, 4]);
    socket.close();
  });

  test('with a key and without a backfill emits a gap at once', () => {
    const { socket } = rowSocket(['oa-1-x', 'oa------2']);
    const stream = written(recover<Row>(socket, document, { key: ({ k }) => k }));
    advance(100);
    expect(stream.log).to.deep.equal(['3 1', '16 gap', '23 2']);
    socket.close();
  });

  test('with a key remembers as many as `remember` says', () => {
    // 2 to 4 are known at any time
    for (const [came, emitted] of [
      ['12345612344', [1, 2, 3, 4, 5, 6, 1, 2, 3, 4]],
      ['1234534121', [1, 2, 3, 4, 5, 1, 2]],
      ['12341', [1, 2, 3, 4]],
    ] as const) {
      const { socket } = rowSocket([`oa-${came}`]);
      const stream = written(recover<Row>(socket, document, { key: ({ k }) => k, remember: 2 }));
      advance(100);
      expect(stream.values).to.deep.equal(emitted);
      socket.close();
    }
  });

  test('leaves nothing behind when it is unsubscribed, at any time', () => {
    for (let at = 0; at < 25; at += 1) {
      const { socket } = rowSocket(['oa-1-x', 'oa-2']);
      const stream = written(recover<Row>(socket, document));
      advance(at);
      stream.unsubscribe();
      const before = stream.log.length;
      socket.close();
      advance(5_000);
      expect([at, stream.log.length, timers()]).to.deep.equal([at, before, 0]);
    }
  });

  test('sends the subscription before what is asked at a gap', () => {
    const { socket, server } = rowSocket(['oa-1-x', 'oa']);
    const types: unknown[] = [];
    server.sent$.subscribe(({ payload }) => {
      const { query } = (payload ?? {}) as { query?: string };
      if (query) types.push(query.slice(0, 5));
    });
    recover<Row>(socket, document).subscribe((item) => {
      if (isGap(item)) socket.query$('query { k }').subscribe({ error: () => undefined });
    });
    advance(100);
    expect(types).to.deep.equal(['subsc', 'subsc', 'query']);
    expect(now()).to.equal(100);
    socket.close();
  });
});
