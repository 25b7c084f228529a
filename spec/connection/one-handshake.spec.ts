import { expect } from 'chai';
import { describe } from 'mocha';
import { type OperatorFunction, timer } from 'rxjs';
import type { Connection, KeepAliveOptions, OpenSocket } from '../../lib/index.js';
import {
  execute,
  handshake,
  keepAlive,
  openSocket,
  reconnect,
  shareConnection,
} from '../../lib/index.js';
import type { Script } from '../helpers/scripted.js';
import { accepts, answering, scripted } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';

const subscriptions = ['subscription { a }', 'subscription { b }'];

/** A pipeline composed by hand, before a scripted server. */
function pipeline(
  stage: OperatorFunction<OpenSocket, Connection>,
  script: Script,
  options: KeepAliveOptions = { pingInterval: false },
) {
  const fake = scripted(script);
  const connection$ = openSocket({ url: 'ws://peer/graphql', webSocketImpl: fake }).pipe(
    stage,
    keepAlive(options),
    reconnect({ delay: 1 }),
    shareConnection(),
  );
  const streams = subscriptions.map((query) => record(connection$.pipe(execute(query))));
  return { fake, streams };
}

describe('one handshake()', () => {
  test('in two pipelines looks for the culprit of each by itself', () => {
    const stage = handshake();
    const closing: Script = (peer) => {
      accepts()(peer);
      answering({
        subscribe: ({ payload }) => {
          const { query } = payload as { query: string };
          if (query === subscriptions[1]) timer(10).subscribe(() => peer.close(1011, '', true));
          return undefined;
        },
      })(peer);
    };
    const sick = pipeline(stage, closing);
    const neighbour = pipeline(
      stage,
      accepts(undefined, (peer) => {
        timer(500).subscribe(() => peer.close(1011, '', true));
      }),
    );
    advance(20_000);
    expect(sick.streams.map(({ log }) => log.at(-1)?.[1])).to.deep.equal([undefined, 'error']);
    expect(neighbour.streams.map(({ log }) => log)).to.deep.equal([[], []]);
    for (const { unsubscribe } of [...neighbour.streams, ...sick.streams]) unsubscribe();
  });
});

describe('handshake() of a pipeline composed by hand', () => {
  for (const pongTimeout of [30_000, false] as const)
    test(`knows the pongTimeout of keepAlive: ${String(pongTimeout)}`, () => {
      const closing: Script = (peer) => {
        accepts()(peer);
        answering({
          ping: () => {
            timer(20_000).subscribe(() => peer.close(1002, '', true));
            return undefined;
          },
        })(peer);
      };
      const options = { pingInterval: 1_000, pongTimeout, keepAliveTimeout: false } as const;
      const { streams } = pipeline(handshake(), closing, options);
      advance(120_000);
      expect(streams.map(({ log }) => log.at(-1)?.[1])).to.deep.equal([undefined, undefined]);
      for (const { unsubscribe } of streams) unsubscribe();
    });
});
