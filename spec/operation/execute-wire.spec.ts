import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, Observable, of, Subject, take } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import { execute } from '../../lib/operation/execute.js';
import { connected } from '../helpers/connected.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { advance, record, test } from '../helpers/test.js';
import { complete, current, failure } from '../helpers/wire.js';

const subscription = 'subscription { a }';
const lost = new ConnectionClosedError(1006, '', false);

describe('execute, on the wire', () => {
  test('sends nothing on a connection that is lost already', () => {
    const { connection, sent, lose } = connected();
    lose(lost);
    const operation = record(concat(of(connection), NEVER).pipe(execute(subscription)));
    expect([operation.log, sent()]).to.deep.equal([[], []]);
    operation.unsubscribe();
  });

  test('errors with the loss where that was the last connection', () => {
    const { connection, lose } = connected();
    lose(lost);
    const operation = record(of(connection).pipe(execute(subscription)));
    advance(0);
    expect(operation.error).to.equal(lost);
  });

  test('has an operation of its own for each subscriber', () => {
    const { connection, sent } = connected();
    const operation$ = of(connection).pipe(execute(subscription));
    record(operation$);
    record(operation$);
    expect(sent().map((message) => (message as { id: string }).id)).to.deep.equal(['1', '2']);
  });

  test('tells the server when it is unsubscribed, before it lets the connection go', () => {
    const { connection, sent } = connected();
    const source$ = new Subject<Connection>();
    const operation = record(source$.pipe(execute(subscription)));
    source$.next(connection);
    operation.unsubscribe();
    expect(sent().at(-1)).to.deep.equal(current.stop('1'));
    expect(source$.observed).to.equal(false);
  });

  it('leaves the operation before it lets the connection go', () => {
    const log: string[] = [];
    const logging = (name: string) => new Observable<never>(() => () => log.push(name));
    const connection$ = concat(
      of(fakeConnection(NEVER, { payload$: logging('operation') })),
      logging('connection'),
    );
    connection$.pipe(execute(subscription)).subscribe().unsubscribe();
    expect(log).to.deep.equal(['operation', 'connection']);
  });

  test('is silent at once when it is unsubscribed by its first result', () => {
    const { connection, receive, sent } = connected();
    const source$ = concat(of(connection), NEVER);
    const operation = record(source$.pipe(execute(subscription), take(1)));
    receive(...[1, 2, 3, 4, 5].map((n) => current.next('1', { data: n })));
    expect(operation.values.map(({ text }) => text)).to.deep.equal(['{"data":1}']);
    expect(sent().slice(1)).to.deep.equal([current.stop('1')]);
  });

  test('ends when the server completes it or refuses it, and says nothing back', () => {
    const { connection, receive, sent } = connected();
    const source$ = concat(of(connection), NEVER);
    const [completed, refused] = [
      record(source$.pipe(execute(subscription))),
      record(source$.pipe(execute(subscription))),
    ];
    receive(complete('1'), failure('2', 'no'));
    expect(completed.log).to.deep.equal([[0, 'complete']]);
    expect(refused.error).to.include({ name: 'OperationError' });
    expect(sent()).to.have.length(2);
  });
});
