import { graphqlSocket, type GraphQLSocket, type SocketStatus } from 'rx-graphql-ws';
import { type FakePeer, fakeSocket, type FakeSocket } from 'rx-graphql-ws/testing';
import type { Life } from './step.js';
import { openStream, type Stream, streamKinds } from './stream.js';
import { expectedOf } from './expected.js';
import { isObject, type Meaning } from './meaning.js';

/** A server that does all that a server should, but for results: these come from the fuzzer. */
interface HealthyServer {
  readonly fake: FakeSocket;
  /** The socket dialled last is left in silence from now on. */
  hush(): void;
  /** It beats no more. */
  stop(): void;
  /** Called once, with the next socket, between its opening and its ack. */
  beforeAck: ((peer: FakePeer) => void) | undefined;
}

/** Times are those of the global timers, which are fake. */
function healthyServer({ dialect, ws }: Pick<Life, 'dialect' | 'ws'>): HealthyServer {
  const silent = new Set<FakePeer>();
  const beats: NodeJS.Timeout[] = [];
  const isUp = (peer: FakePeer) => peer.readyState === 1 && !silent.has(peer);
  const fake = fakeSocket({
    ws,
    answerPings: false,
    dialled(peer) {
      setTimeout(() => {
        if (peer.readyState !== 0) return;
        peer.open(peer.offered.includes(dialect) ? dialect : peer.offered[0]);
        const beat = setInterval(() => {
          if (isUp(peer)) peer.ka();
        }, 5_000);
        beats.push(beat);
      }, 1);
    },
    received({ type, payload }, peer) {
      if (type === 'connection_init')
        setTimeout(() => {
          const { beforeAck } = server;
          server.beforeAck = undefined;
          beforeAck?.(peer);
          if (!isUp(peer)) return;
          peer.ack();
          // it speaks its subprotocol, whatever the fuzzer says then
          peer.ka();
        }, 1);
      if (type === 'ping')
        setTimeout(() => {
          if (isUp(peer)) peer.send({ type: 'pong', payload });
        }, 1);
    },
  });
  const server: HealthyServer = {
    fake,
    hush: () => silent.add(fake.peer),
    stop: () => {
      for (const beat of beats) clearInterval(beat);
    },
    beforeAck: undefined,
  };
  return server;
}

/**
 * The queries and mutations that were answered in full, but without data: the server may have no more to say, so that with the
 * connection they end, for want of a result.
 */
interface Answered {
  /** A stream, live till then, was meant by a frame on a socket. */
  note(stream: Stream, peer: FakePeer, meaning: Meaning): void;
  /** Whether a stream that was sent on this socket may end when the socket is lost. */
  has(stream: Stream, peer: FakePeer | undefined): boolean;
}

function createAnswered(): Answered {
  const last = new Map<Stream, FakePeer>();
  return {
    note(stream, peer, meaning) {
      if (stream.kind !== 'query$' && stream.kind !== 'mutate$') return;
      const answers = meaning.payloads.some((payload) => isUseless(payload, stream));
      if (answers && ['next', 'ambiguous'].includes(meaning.kind)) last.set(stream, peer);
      // an increment, with more to follow
      else if (meaning.kind === 'next') last.delete(stream);
    },
    has: (stream, peer) => peer !== undefined && last.get(stream) === peer,
  };
}

/** Whether nothing comes of a result now, and no other is to follow it. */
function isUseless(payload: unknown, stream: Stream): boolean {
  const meaning: Meaning = { kind: 'next', ids: [], payloads: [payload] };
  const { values, error } = expectedOf(meaning, stream);
  const partial = isObject(payload) && payload.hasNext === true;
  return values.length === 0 && error === undefined && !partial;
}

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
