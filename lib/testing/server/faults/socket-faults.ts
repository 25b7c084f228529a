import type { Frame } from '../wire-message.js';
import type { Corruption } from './corruption.js';
import type { Garbage } from './garbage.js';

/**
 * What can be done to sockets that are open: on a peer to its own, on the server to each that is open at the moment of the call.
 * Sockets opened later work.
 */
export interface SocketFaults {
  /** Sends raw frames, several of them in one TCP segment as far as they fit. Does nothing on a socket that is closed, silent or stalled. */
  send(...frames: readonly Frame[]): void;
  /**
   * Starts the closing handshake, without a code if none is given. The operations end, nothing is sent any more, and a client that does
   * not answer within 2 s is dropped. Does nothing on a stalled socket.
   *
   * @param code - 1000–1003, 1007–1014 or 3000–4999; `corrupt({ close })` takes any
   * @param reason - at most 123 bytes
   * @throws TypeError when a close frame cannot be like that
   */
  close(code?: number, reason?: string): void;
  /** Ends the TCP connection without a close frame: the client sees 1006. */
  drop(): void;
  /** Stops sending and reading for good: as `halfOpen`, but what would be sent is dropped, and it never heals. */
  stall(): void;
  /**
   * Breaks the network, not the connection: nothing is read or sent, not even a close, and the client is not told. At the end everything
   * that was held back goes through, in both directions, as TCP does once the network has healed. `drop()` still works.
   *
   * @param forMs - ms after which it heals; without it `resume()` does
   */
  halfOpen(forMs?: number): void;
  /**
   * Lets the application hang, not the network: what comes is read, pings of WebSocket and of the protocol are answered, but no heartbeat,
   * no result and nothing else is sent. What would have been sent is dropped.
   *
   * @param forMs - ms after which it speaks again; without it `resume()` does
   */
  silence(forMs?: number): void;
  /** Ends `halfOpen` and `silence`. */
  resume(): void;
  /**
   * Sends a message that is malformed, or valid and odd, in the protocol that the socket speaks. For the server nothing has happened: an
   * operation that it completes for the client, say, goes on.
   *
   * @param garbage - one of `garbageNames`
   * @param id - of the operation aimed at, where the message is of one; default the one that has been live on the socket for longest, and
   * if there is none, nothing is sent
   */
  garble(garbage: Garbage, id?: string): void;
  /**
   * Writes bytes that are not what WebSocket makes of a message, or ends the TCP connection in a way that WebSocket does not.
   *
   * @param corruption - one of `corruptionNames`, a drip, or a close frame with any code
   */
  corrupt(corruption: Corruption): void;
}
