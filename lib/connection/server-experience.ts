import { asyncScheduler } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { HandshakeError, printable, setErrorKind, setRefusal } from '../errors.js';

/** So many connections that ended over a ping show that the server does not know it. */
const maxRefusedPings = 2;
/** `error`s without an id until it is clear that the server does not mean a single message of ours. */
const maxStrayErrors = 3;
/** Codes with which servers answer a `connection_init` that they refuse, and also if something else has failed. */
const refusalCodes = [1000, 1005, 1011, 4400, 4500];

export type ServerExperience = ReturnType<typeof createServerExperience>;

/**
 * The experience of one pipeline with a server that may not speak all of its protocol: whether it knows pings, and whether it means what it
 * selected.
 */
export function createServerExperience() {
  let hasPonged = false;
  let refusedPings = 0;
  let isUnderstood = false;
  return {
    /** Whether pings of the GraphQL protocol are worth sending. */
    get knowsPings() {
      return refusedPings < maxRefusedPings;
    },
    ponged() {
      hasPonged = true;
    },
    /** The server has said something that the subprotocol has. */
    understood() {
      isUnderstood = true;
    },
    /** Whether a connection ended over a ping that this server may not know. Then it is a loss like any other, and counts. `within`: ms from the ping in which a close may be the answer. */
    endedOverPing(
      error: GraphQLSocketError,
      pingedAt: number,
      within: number,
      canPingOtherwise: boolean,
    ): boolean {
      const isClose = error.name === 'ConnectionClosedError';
      const isSilence = error.name === 'SilentDisconnectError' && canPingOtherwise;
      const isSoon = isClose && asyncScheduler.now() - pingedAt <= within;
      if (hasPonged || !(isSilence || isSoon)) return false;
      refusedPings += 1;
      setErrorKind(error, 'plain-loss');
      return true;
    },
    /**
     * Returns a function for the messages of one connection that mean nothing. It returns an error once they show that the server speaks another
     * protocol than it selected: it was asked for something, and nothing that it said meant anything.
     */
    judgeUnknown(subprotocol: string) {
      let strayErrors = 0;
      return (frame: string, isBusy: () => boolean): HandshakeError | undefined => {
        if (isUnderstood || !isBusy()) return undefined;
        const type = typeOf(frame);
        if (type === 'error') strayErrors += 1;
        const isOther = type === 'data' || type === 'next' || strayErrors >= maxStrayErrors;
        return isOther ? notSpoken(subprotocol, frame) : undefined;
      };
    },
  };
}

function notSpoken(subprotocol: string, frame: string): HandshakeError {
  const text = `the server selected \`${subprotocol}\` and does not speak it: it sent ${printable(frame)}`;
  return setErrorKind(new HandshakeError('subprotocol', text), 'final');
}

/** Remembers with a close in place of an ack that it may be a refusal. `unexpected` is what the server said before. */
export function markRefusal(error: GraphQLSocketError, unexpected: string): void {
  if (error.name !== 'ConnectionClosedError' || !refusalCodes.includes(error.code)) return;
  const closed = `${error.code} ${printable(error.reason)}`.trim();
  const text = `connection rejected by the server: it closed with ${closed}${unexpected}`;
  setRefusal(error, new HandshakeError('rejected', text, { cause: error }));
}

function typeOf(frame: string): unknown {
  try {
    return (Object(JSON.parse(frame)) as { type?: unknown }).type;
  } catch {
    // a user's codec may tolerate what is no JSON
    return undefined;
  }
}
