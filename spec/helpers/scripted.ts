import type { Observable } from 'rxjs';
import { isObservable, timer } from 'rxjs';
import type { FakePeer, FakeSocket, SentMessage } from 'rx-graphql-ws/testing';
import { fakeSocket } from 'rx-graphql-ws/testing';

/** What the server says to a message, by the message's type; `undefined` is nothing. */
type Replies = Record<string, (message: SentMessage) => unknown>;

interface ScriptedPeer extends FakePeer {
  /** Each is sent 1 ms after its message. */
  readonly replies: Replies;
}

/** What the server does to one socket. */
export type Move = (peer: ScriptedPeer) => void;
/** What it does to one attempt, from its dial on: moves in time (`cold('-o-a', { o: opens(), … })`), or one at once. */
export type Script = Observable<Move> | Move;

export interface Scripted extends FakeSocket {
  readonly peers: readonly ScriptedPeer[];
  /** Sockets that are not closed yet. */
  live(): readonly ScriptedPeer[];
  /** What the client sent, over all sockets. */
  messages(): readonly SentMessage[];
}

/** A fake WebSocket whose server follows scripts: attempt n script n; those after the last script repeat it. */
export function scripted(...scripts: readonly Script[]): Scripted {
  return following(scripts, false);
}

/** The same with what `ws` has: `terminate`, `ping`, and the events of the upgrade. */
export function scriptedWs(...scripts: readonly Script[]): Scripted {
  return following(scripts, true);
}

function following(scripts: readonly Script[], ws: boolean): Scripted {
  const fake = fakeSocket({
    ws,
    answerPings: false,
    dialled: (peer) => {
      const script = scripts[Math.min(peer.attempt, scripts.length) - 1];
      play(script, Object.assign(peer, { replies: {} }));
    },
    received: (message, peer) => {
      const { replies } = peer as ScriptedPeer;
      const reply = replies[String(message.type)]?.(message);
      if (reply !== undefined) timer(1).subscribe(() => peer.send(reply));
    },
  }) as Scripted;
  return Object.assign(fake, {
    live: () => fake.peers.filter(({ readyState }) => readyState !== 3),
    messages: () => fake.peers.flatMap(({ sent }) => sent),
  });
}

function play(script: Script | undefined, peer: ScriptedPeer): void {
  if (isObservable(script)) script.subscribe((move) => move(peer));
  else script?.(peer);
}

export const opens =
  (subprotocol?: string): Move =>
  (peer) =>
    peer.open(subprotocol);
export const says =
  (...frames: readonly unknown[]): Move =>
  (peer) =>
    peer.send(...frames);
export const ends =
  (code = 1006, reason?: string, wasClean?: boolean): Move =>
  (peer) =>
    peer.close(code, reason, wasClean);
export const fails =
  (error?: unknown): Move =>
  (peer) =>
    peer.fail(error);

/** Opens 1 ms after the dial and acknowledges 1 ms after the init; `then` is played from the ack on. */
export const accepts =
  (subprotocol?: string, then?: Script, ack: object = { type: 'connection_ack' }): Move =>
  (peer) => {
    answering({ connection_init: () => ack })(peer);
    timer(1).subscribe(() => {
      peer.open(subprotocol);
      timer(1).subscribe(() => play(then, peer));
    });
  };

/** Answers messages 1 ms later, by their type; other types as before. */
export const answering =
  (replies: Replies): Move =>
  (peer) =>
    void Object.assign(peer.replies, replies);

/** Opens 1 ms after the dial, and says nothing. */
export const opensOnly: Move = (peer) => void timer(1).subscribe(() => peer.open());

/** Fails 1 ms after the dial. */
export const refuses: Move = (peer) => void timer(1).subscribe(() => peer.fail());
