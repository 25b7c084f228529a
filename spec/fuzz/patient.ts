import { graphqlSocket, type GraphQLSocket, type SocketStatus } from 'rx-graphql-ws';
import type { FakePeer } from 'rx-graphql-ws/testing';
import { createAnswered, type Answered } from './answered.js';
import { healthyServer, type HealthyServer } from './healthy-server.js';
import type { Life } from './step.js';
import { openStream, streamKinds, type Stream } from './stream.js';

/** A socket object under the fuzzer, with one stream of each kind. */
export interface Patient {
  readonly server: HealthyServer;
  readonly socket: GraphQLSocket;
  readonly status: SocketStatus;
  /** Whether `status$` has completed. */
  readonly gone: boolean;
  /** One of each kind, those that ended included. */
  readonly streams: readonly Stream[];
  readonly answered: Answered;
  /** The id of a stream on a socket, if it was sent there; the last one. */
  idOn(peer: FakePeer, stream: Stream): string | undefined;
  /** Whether a stream may end for want of a result: the socket that it was sent on last is lost, and had answered it without data. */
  endsUseless(stream: Stream): boolean;
  /** New streams in the place of those that ended. */
  refill(): void;
}

export function createPatient(life: Life): Patient {
  const server = healthyServer(life);
  const socket = graphqlSocket({
    url: 'ws://peer/graphql',
    webSocketImpl: server.fake,
    keepAliveTimeout: 20_000,
    retry: { delay: 100 },
  });
  let status!: SocketStatus;
  let gone = false;
  socket.status$.subscribe({
    next: (next) => {
      status = next;
    },
    complete: () => {
      gone = true;
    },
  });
  let opened = 0;
  const streams: Stream[] = [];
  const refill = () => {
    for (const [slot, kind] of streamKinds.entries())
      if (!streams[slot]?.live) streams[slot] = openStream(socket, kind, `o${(opened += 1)}`);
  };
  const answered = createAnswered();
  const idOn: Patient['idOn'] = (peer, { query }) =>
    peer.operations.filter(({ request }) => request.query === query).at(-1)?.id;
  return {
    ...{ server, socket, streams, answered, idOn, refill },
    get status() {
      return status;
    },
    get gone() {
      return gone;
    },
    endsUseless(stream) {
      const peer = server.fake.peers.filter((each) => idOn(each, stream) !== undefined).at(-1);
      const lost = peer !== undefined && (peer.readyState > 1 || peer.closes.length > 0);
      return lost && answered.has(stream, peer);
    },
  };
}
