import { expect } from 'chai';
import { describe } from 'mocha';
import type {
  AttemptContext,
  Connection,
  GraphQLSocketError,
  HandshakeOptions,
} from 'rx-graphql-ws';
import { handshake, keepAlive, openSocket, reconnect } from 'rx-graphql-ws';
import type { OperatorFunction } from 'rxjs';
import { map, timer } from 'rxjs';
import type { Move, Script, Scripted } from '../helpers/scripted.js';
import { accepts, ends, opensOnly, refuses, says, scripted } from '../helpers/scripted.js';
import { advance, now, record, test } from '../helpers/test.js';

/** The stages as a user puts them together; `asked` are the contexts in which the URL was asked for. */
function pipeline(
  scripts: readonly Script[],
  options: HandshakeOptions = {},
  watch: OperatorFunction<Connection, Connection> = map((connection) => connection),
) {
  const fake = scripted(...scripts);
  const asked: AttemptContext[] = [];
  const failures: GraphQLSocketError[] = [];
  const url = (context: AttemptContext) => {
    asked.push(context);
    return 'ws://peer/graphql';
  };
  const shouldRetry = (error: GraphQLSocketError, byDefault: boolean) => {
    failures.push(error);
    return byDefault;
  };
  const connection$ = openSocket({ url, webSocketImpl: fake }).pipe(
    handshake(options),
    watch,
    reconnect({ delay: 10, shouldRetry }),
  );
  return { connection$, fake, asked, failures };
}

/** Echoes the first offer, and closes over it. */
const echoes: Move = (peer) => {
  timer(1).subscribe(() => peer.open());
  timer(3).subscribe(() => peer.close(1002));
};

const attempts = (asked: readonly AttemptContext[]) => asked.map(({ attempt }) => attempt);

describe('an attempt of openSocket', () => {
  test('is numbered by those before it that failed in a row, and told over what', () => {
    const { connection$, asked, failures } = pipeline([refuses, refuses, accepts()]);
    const { unsubscribe } = record(connection$);
    advance(30);
    expect(asked).to.deep.equal([
      { attempt: 0, error: undefined },
      { attempt: 1, error: failures[0] },
      { attempt: 2, error: failures[1] },
    ]);
    expect(failures.map(({ name }) => name)).to.deep.equal(['ConnectionError', 'ConnectionError']);
    unsubscribe();
  });

  const rejects: Move = accepts(undefined, undefined, { type: 'connection_error', payload: 'no' });
  const watched = keepAlive({ keepAliveTimeout: 20, pingInterval: false });
  const givenUp: [
    how: string,
    script: Script,
    name: GraphQLSocketError['name'],
    options?: HandshakeOptions,
    watch?: typeof watched,
  ][] = [
    ['the handshake waited in vain', opensOnly, 'HandshakeError', { ackTimeout: 20 }],
    ['the server refused the handshake', rejects, 'HandshakeError'],
    ['a frame was malformed', accepts(undefined, says('{')), 'ProtocolError'],
    ['keepAlive found it silent', accepts(), 'SilentDisconnectError', {}, watched],
    ['the server closed', accepts(undefined, ends(1011)), 'ConnectionClosedError'],
  ];
  for (const [how, script, name, options, watch] of givenUp)
    test(`is told when ${how}`, () => {
      const { connection$, asked, failures } = pipeline([script], options, watch);
      const { unsubscribe } = record(connection$);
      advance(40);
      expect(asked[1]!.attempt).to.equal(1);
      expect(asked[1]!.error).to.equal(failures[0]).and.to.have.property('name', name);
      unsubscribe();
    });

  /** The first attempts fail, the third comes to a connection, which is lost after `use`. */
  function numbersAfter(use: (acted: Acted) => void) {
    const { connection$, fake, asked } = pipeline([refuses, refuses, accepts()]);
    const { unsubscribe } = record(connection$.pipe(map((each) => record(each.execute(query)))));
    advance(30);
    use({ next: () => fake.next(1, { a: 1 }), wait: advance });
    fake.close(1001);
    advance(2_000);
    unsubscribe();
    return attempts(asked);
  }
  interface Acted {
    next(): void;
    wait(ms: number): void;
  }
  const query = 'subscription { a }';

  for (const [what, use, last] of [
    ['a first result', ({ next }: Acted) => next(), 1],
    ['resetAfter', ({ wait }: Acted) => wait(5_000), 1],
    ['no more than an acknowledgement', () => undefined, 3],
  ] as const)
    test(`is the ${last === 1 ? 'first' : 'third'} in a row after ${what}`, () => {
      expect(numbersAfter(use)).to.deep.equal([0, 1, 2, last]);
    });

  test('is the first again when nobody waited for the end of the one before', () => {
    const { connection$, asked } = pipeline([refuses, opensOnly]);
    const { unsubscribe } = record(connection$);
    advance(15);
    unsubscribe();
    record(connection$).unsubscribe();
    expect(attempts(asked)).to.deep.equal([0, 1, 0]);
    expect(asked[2]!.error).to.equal(undefined);
  });
});

describe('connectionParams of handshake', () => {
  /** As slow as a token from elsewhere. */
  const slow = () => {
    const asked: [ms: number, context: AttemptContext][] = [];
    const connectionParams = (context: AttemptContext) => {
      asked.push([now(), context]);
      return timer(5).pipe(map(() => ({ n: asked.length })));
    };
    return { asked, connectionParams };
  };

  test('are asked for when the socket is open, with the same context as the URL', () => {
    const { asked, connectionParams } = slow();
    const {
      connection$,
      fake,
      asked: urls,
      failures,
    } = pipeline([refuses, accepts()], { connectionParams });
    const { values, unsubscribe } = record(connection$);
    advance(20);
    expect(asked).to.deep.equal([[12, { attempt: 1, error: failures[0] }]]);
    expect(urls[1]).to.deep.equal(asked[0]![1]);
    expect(fake.peer.frames.map(({ at, text }) => [at, JSON.parse(text) as unknown])).to.deep.equal(
      [[17, { type: 'connection_init', payload: { n: 1 } }]],
    );
    expect(values).to.have.length(1);
    unsubscribe();
  });

  test('are asked for anew, in the same attempt, after a fallback to another subprotocol', () => {
    const { asked, connectionParams } = slow();
    const { connection$, fake } = pipeline([echoes, accepts()], { connectionParams });
    const { unsubscribe } = record(connection$);
    advance(20);
    const first = { attempt: 0, error: undefined };
    expect(asked).to.deep.equal([
      [1, first],
      [4, first],
    ]);
    expect(fake.peers.map(({ sent }) => sent)).to.deep.equal([
      [],
      [{ type: 'connection_init', payload: { n: 2 } }],
    ]);
    unsubscribe();
  });
});

describe('the offer of openSocket', () => {
  const offers = ({ peers }: Scripted) => peers.map(({ offered }) => offered);
  const both = ['graphql-transport-ws', 'graphql-ws'];
  const old = ['graphql-ws'];

  test('that worked after a fallback is remembered for the next subscriber', () => {
    const { connection$, fake, asked } = pipeline([echoes, accepts()]);
    for (let run = 0; run < 2; run += 1) {
      const { values, unsubscribe } = record(connection$);
      advance(10);
      expect(values).to.have.nested.property('[0].subprotocol', 'graphql-ws');
      unsubscribe();
    }
    expect(offers(fake)).to.deep.equal([both, old, old]);
    // a fallback is no further attempt
    expect(attempts(asked)).to.deep.equal([0, 0]);
  });

  test('is the first again when the handshake gave up a server that says nothing to the remembered one', () => {
    const scripts = [echoes, accepts(), opensOnly, accepts()];
    const { connection$, fake } = pipeline(scripts, { ackTimeout: 20 });
    const { values, unsubscribe } = record(connection$);
    advance(10);
    fake.close(1001);
    advance(100);
    expect(offers(fake)).to.deep.equal([both, old, old, both]);
    const spoken = values.map(({ subprotocol }) => subprotocol);
    expect(spoken).to.deep.equal(['graphql-ws', 'graphql-transport-ws']);
    unsubscribe();
  });
});
