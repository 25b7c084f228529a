import type { SentMessage } from 'rx-graphql-ws/testing';
import type { Clock } from './clock.js';
import { foretell, type Said } from './foretell.js';
import type { Line } from './line.js';
import { isAudible, isLive } from './line.js';
import type { Operation } from './operation.js';
import { routedOn } from './operation.js';
import type { Model, Report } from './model.js';
import type { Settings } from './settings.js';
import { garbled } from './verdict.js';

/** The other end of every socket. */
export interface Server {
  /** Results that were sent for nobody. */
  readonly orphans: number;
  /** The socket that there is, from dial to end; not one that the server has ended. */
  line(): Line | undefined;
  dialled(line: Line): void;
  heard(line: Line, message: SentMessage): void;
  open(line: Line, subprotocol?: string): void;
  /** Sends frames in one chunk, each with what it must lead to. */
  say(line: Line, ...frames: readonly Said[]): void;
  /** The type of a message in the socket's protocol. */
  name(line: Line, type: 'next' | 'beat'): string;
  close(line: Line, code: number, reason?: string): void;
  /** From now on it answers by itself, and beats. */
  recover(): void;
}

/** ms that a server takes that answers by itself, and between its heartbeats once it has recovered. */
const answering = 5;
const beating = 5_000;

/** ms after which an operation that was sent is no suspect. */
const suspicious = 5_000;

/** These say nothing of a message. */
const innocent = [
  1000, 1001, 1005, 1010, 1012, 1013, 1014, 1015, 4401, 4403, 4406, 4408, 4409, 4429,
];

const strikes = [1002, 1003, 1007, 1008, 1009, 4400, 4500, garbled];

export function createServer(
  settings: Settings,
  model: Model,
  clock: Clock,
  report: Report,
  note: (text: string) => void,
): Server {
  let { prompt } = settings;
  let beats = false;
  let orphans = 0;
  /** A frame within a frame: the client answers one, and the server that. */
  let depth = 0;

  const one = (line: Line, said: Said) => {
    if (!isAudible(line)) return;
    note(
      `socket ${line.peer.attempt}: server says ${typeof said === 'string' ? said : JSON.stringify(said)}`,
    );
    line.heardAt = clock.elapsed();
    const before = line.fault;
    if (foretell(line, said, settings, clock.elapsed(), model.judge) === 'orphan') orphans += 1;
    if (line.fault === 'malformed' && before !== line.fault) model.judge.struck(clock.elapsed());
    depth += 1;
    line.peer.send(said);
    depth -= 1;
    if (depth > 0) return;
    for (const { key, expected, over } of model.operations) {
      if (expected.length > 0 && !over)
        report(4, `operation ${key} was not told "${expected.join(', ')}"`);
    }
    if (line.fault !== undefined && isLive(line))
      report(8, `not closed over a ${line.fault} frame`);
  };
  const name = ({ peer }: Line, type: 'next' | 'beat') => {
    const legacy = peer.subprotocol === 'graphql-ws';
    if (type === 'next') return legacy ? 'data' : 'next';
    return legacy ? 'ka' : 'pong';
  };
  const say = (line: Line, ...frames: readonly Said[]) => {
    for (const frame of frames) one(line, frame);
  };
  const open = (
    line: Line,
    subprotocol = line.peer.offered.includes(settings.protocol)
      ? settings.protocol
      : line.peer.offered[0],
  ) => {
    if (line.raw.readyState !== 0 || line.endedWith !== undefined) return;
    note(`socket ${line.peer.attempt}: server opens with ${String(subprotocol)}`);
    line.openedAt = line.heardAt = clock.elapsed();
    line.peer.open(subprotocol);
  };
  const beat = (line: Line) => {
    clock.later(beating, () => {
      if (!isLive(line)) return;
      if (line.ackedAt !== undefined) say(line, { type: name(line, 'beat') });
      beat(line);
    });
  };
  const server: Server = {
    get orphans() {
      return orphans;
    },
    line() {
      const line = model.lines.at(-1);
      return line && isLive(line) && line.endedWith === undefined ? line : undefined;
    },
    dialled(line) {
      if (!prompt) return;
      clock.later(answering, () => {
        open(line);
      });
      if (beats) beat(line);
    },
    heard(line, { type }) {
      if (type === 'ping' && line.closesAtPing !== undefined) server.close(line, line.closesAtPing);
      else if (type === 'ping') say(line, { type: 'pong' });
      if (type !== 'connection_init' || !prompt) return;
      clock.later(answering, () => {
        if (line.ackedAt === undefined) say(line, { type: 'connection_ack' });
      });
    },
    open,
    say,
    name,
    close(line, code, reason = '') {
      if (!isLive(line) || line.endedWith !== undefined) return;
      note(`socket ${line.peer.attempt}: closed with ${code}`);
      line.endedWith = code;
      if (strikes.includes(code)) model.judge.struck(clock.elapsed());
      if (!innocent.includes(code)) accuse(line, code, model.operations, clock);
      if (code === garbled)
        line.peer.fail(Object.assign(new Error(), { code: 'WS_ERR_INVALID_UTF8' }));
      else line.peer.close(code, reason);
    },
    recover() {
      prompt = beats = true;
      const line = model.lines.at(-1);
      if (line && isLive(line)) beat(line);
    },
  };
  return server;
}

/**
 * Of what was sent in the last 5 s and not answered one may be the reason, so that all come under suspicion. A single one is it, if the server says
 * that it stumbled over a message, nobody who may have been it has left, and no search is on. The library measures by the clock: where it has
 * jumped since, any of them may come under suspicion, and none for certain.
 */
function accuse(line: Line, code: number, all: readonly Operation[], clock: Clock): void {
  const now = clock.elapsed();
  const sent = [...line.operations.values()].filter(({ route }) => route?.line === line);
  const jumped = sent.some(({ sentAt }) => sentAt <= clock.jumpedAt());
  const recent = sent.filter(
    ({ heardOf, sentAt }) => !heardOf && (jumped || now - sentAt <= suspicious),
  );
  const suspects = recent.filter((operation) => routedOn(operation, line));
  const [only] = suspects;
  // a close behind a ping without an answer is nobody's
  const isOverPing = line.pings > 0 && (line.silent || line.closesAtPing !== undefined);
  const isRefusal = (code === 4400 || code === 4500) && !isOverPing;
  if (isRefusal && only && recent.length === 1 && !jumped && !all.some(({ patient }) => patient)) {
    only.blamed = now - only.sentAt < suspicious;
  }
  line.suspects = recent.length;
  for (const operation of suspects) operation.patient = true;
}
