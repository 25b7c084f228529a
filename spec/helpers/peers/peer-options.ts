import type { IncomingHttpHeaders, Server } from 'node:http';
import type { createRoot, Seen } from './schema.js';

/** How a real server is set up. */
export interface PeerOptions {
  /** Decides on `connection_init`. */
  readonly accept?: ((params: Readonly<Record<string, unknown>>) => boolean) | undefined;
  /** Decides on the upgrade; refused with 401. */
  readonly verify?: ((headers: IncomingHttpHeaders) => boolean) | undefined;
}

/** A WebSocket that a real server accepted. */
export interface AcceptedSocket {
  close(code?: number, reason?: string): void;
}

/** What is attached to an HTTP server, anew for each of its lives. */
export interface PeerParts extends PeerOptions {
  readonly server: Server;
  readonly root: ReturnType<typeof createRoot>;
  readonly seen: Seen;
  /** Called with each WebSocket. */
  readonly onSocket: (socket: AcceptedSocket) => void;
}

export type AttachPeer = (parts: PeerParts) => void;

export const path = '/graphql';

/** `ws`'s answer to whether a client may upgrade. */
export function verifyClient({ verify = () => true }: PeerOptions) {
  return ({ req }: { readonly req: { readonly headers: IncomingHttpHeaders } }) =>
    verify(req.headers);
}

/** The user, from wherever the client says who that is. */
export function viewerOf(params: unknown, headers: IncomingHttpHeaders): string | undefined {
  const { user } = (params ?? {}) as { user?: string };
  return user ?? (headers['x-user'] as string | undefined);
}
