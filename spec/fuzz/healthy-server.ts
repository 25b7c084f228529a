import { fakeSocket, type FakePeer, type FakeSocket } from 'rx-graphql-ws/testing';
import type { Life } from './step.js';

/** A server that does all that a server should, but for results: these come from the fuzzer. */
export interface HealthyServer {
  readonly fake: FakeSocket;
  /** The socket dialled last is left in silence from now on. */
  hush(): void;
  /** It beats no more. */
  stop(): void;
  /** Called once, with the next socket, between its opening and its ack. */
  beforeAck: ((peer: FakePeer) => void) | undefined;
}

/** Times are those of the global timers, which are fake. */
export function healthyServer({ dialect, ws }: Pick<Life, 'dialect' | 'ws'>): HealthyServer {
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
